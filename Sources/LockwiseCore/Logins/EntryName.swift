/// A name by which the user refers to a login.
///
/// The form is `host[:port]/username` for https and `scheme:host[:port]/username` for other schemes. Without a user
/// name it is the host part alone. If several logins share a name, `#` and the first digits of the GUID follow. A URL
/// (`https://alice@github.com`), a GUID and a login's own entry name are names as well.
public struct EntryName: Equatable, Sendable {
  /// The name as given.
  public let text: String

  /// Makes a name from any text.
  public init(_ text: String) { self.text = text }

  /// Makes the name of a login, without `#` and digits.
  public init(of login: LoginRecord) {
    let username = login.username.isEmpty ? "" : "/" + login.username
    guard let origin = Origin(login.origin) else {
      text = login.origin + username
      return
    }
    text = Self.place(origin) + username
  }

  private static func place(_ origin: Origin) -> String {
    let port = origin.port.map { ":\($0)" } ?? ""
    return (origin.scheme == "https" ? "" : origin.scheme + ":") + origin.host + port
  }

  /// Returns whether the name is one of the login's. The origin may be written in any equivalent way; the user name
  /// must be exact.
  public func matches(_ login: LoginRecord) -> Bool {
    if text.isSameText(as: login.guid) { return true }
    if let own = login.lockwise.flatMap(LockwiseMember.ownName(in:)), text.isSameText(as: own) { return true }
    let name = Self(of: login)
    if isName(text[...], name.text, login) { return true }
    guard let origin = Origin(login.origin) else { return false }
    if text.utf8.firstRange(of: "://") != nil { return matchesURL(login, origin) }
    let end = text.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") } ?? text.endIndex
    guard Self.origins(named: text[..<end]).contains(origin) else { return false }
    return isName(text[end...], login.username.isEmpty ? "" : "/" + login.username, login)
  }

  /// Returns whether a text is `name`, optionally followed by `#` and digits of the login's GUID.
  private func isName(_ text: Substring, _ name: String, _ login: LoginRecord) -> Bool {
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
