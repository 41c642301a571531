/// A name by which the user refers to a login.
///
/// The form is `host[:port]/username` for https, `scheme:host[:port]/username` for other schemes, and the origin's first
/// part and the user name for entries without a site. Without a user name it is the first part alone. A login's own entry
/// name replaces this form, which goes on matching. If several logins share a name, `#` and the first digits of the GUID
/// follow. A URL (`https://alice@github.com`) and a GUID are names as well.
public struct EntryName: Equatable, Sendable {
  /// The name as given.
  public let text: String

  /// Makes a name from any text.
  public init(_ text: String) { self.text = text }

  /// Makes the name of a login, its own entry name if it has one, without `#` and digits.
  public init(of login: LoginRecord) {
    text = login.ownEntryName ?? Self.natural(origin: login.origin, username: login.username)
  }

  /// The name with control characters, and slashes that would make a part empty, `.` or `..`, as `%XX`. Names are shown
  /// and compared in this form.
  public var shown: String { ShownName.of(text) }

  /// Returns the name that origin and user name make.
  static func natural(origin: String, username: String) -> String {
    guard let origin = Origin(origin) else { return origin + (username.isEmpty ? "" : "/" + username) }
    return natural(origin, username: username)
  }

  /// Returns the name that origin and user name make.
  static func natural(_ origin: Origin, username: String) -> String {
    place(origin) + (username.isEmpty ? "" : "/" + username)
  }

  private static func place(_ origin: Origin) -> String {
    if let firstPart = FreeEntry.firstPart(of: origin) { return firstPart }
    let port = origin.port.map { ":\($0)" } ?? ""
    return (origin.scheme == "https" ? "" : origin.scheme + ":") + origin.host + port
  }

  /// Returns whether the name is one of the login's. The origin may be written in any equivalent way; the user name
  /// must be exact.
  public func matches(_ login: LoginRecord) -> Bool {
    if text.isSameText(as: login.guid) { return true }
    let typed = shown
    if let own = login.ownEntryName, isName(typed, ShownName.of(own), login) { return true }
    let origin = Origin(login.origin)
    let natural = origin.map { Self.natural($0, username: login.username) }
    if isName(typed, ShownName.of(natural ?? Self.natural(origin: login.origin, username: login.username)), login) {
      return true
    }
    guard let origin else { return false }
    if text.utf8.firstRange(of: "://") != nil { return matchesURL(login, origin) }
    let end = text.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") } ?? text.endIndex
    guard Self.origins(named: text[..<end]).contains(origin) else { return false }
    // The same place in front of both: only the rest is compared.
    return isName(
      ShownName.of("h" + text[end...]), ShownName.of("h" + (login.username.isEmpty ? "" : "/" + login.username)), login)
  }

  /// Returns whether a text is `name`, optionally followed by `#` and digits of the login's GUID.
  private func isName(_ text: String, _ name: String, _ login: LoginRecord) -> Bool {
    guard text.utf8.starts(with: name.utf8) else { return false }
    let rest = text.utf8.dropFirst(name.utf8.count)
    if rest.isEmpty { return true }
    guard rest.first == UInt8(ascii: "#"), rest.count > 1 else { return false }
    return login.guid.utf8.drop { $0 == UInt8(ascii: "{") }.starts(with: rest.dropFirst())
  }

  /// Returns the origins that a text can mean: `host[:port]` with https, or `scheme:host[:port]`.
  private static func origins(named place: Substring) -> [Origin] {
    var origins = [Origin(scheme: "https", authority: String(place))]
    if let colon = place.utf8.firstIndex(of: UInt8(ascii: ":")) {
      origins.append(
        Origin(scheme: String(place[..<colon]), authority: String(place[place.utf8.index(after: colon)...])))
    }
    return origins.compactMap { $0 }
  }

  private func matchesURL(_ login: LoginRecord, _ origin: Origin) -> Bool {
    guard Origin(text) == origin else { return false }
    let authority = text.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return true }
    return authority[..<at].elementsEqual(login.username.utf8)
      || PercentEncoding.decode(authority[..<at]).elementsEqual(login.username.utf8)
  }
}
