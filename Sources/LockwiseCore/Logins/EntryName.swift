/// What people call a login: `host[:port]/username` for https, `scheme:host[:port]/username` for every other scheme, just
/// the host part without a user name; followed by `#` and the first digits of its GUID where several share a name. A URL
/// (`https://alice@github.com`), a GUID, or the name of its own that a login has is a name, too.
public struct EntryName: Equatable, Sendable {
  /// The name as it was given.
  public let text: String

  /// Accepts a name.
  public init(_ text: String) { self.text = text }

  /// The name of a login, without `#` and digits.
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

  /// Whether it names a login. The origin in it may be written in any way, the user name may not.
  public func names(_ login: LoginRecord) -> Bool {
    if text.isSameText(as: login.guid) { return true }
    if let own = login.lockwise.flatMap(LockwiseMember.ownName(in:)), text.isSameText(as: own) { return true }
    let name = Self(of: login)
    if isName(text[...], name.text, login) { return true }
    guard let origin = Origin(login.origin) else { return false }
    if text.utf8.firstRange(of: "://") != nil { return namesByURL(login, origin) }
    let end = text.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") } ?? text.endIndex
    guard Self.origins(named: text[..<end]).contains(origin) else { return false }
    return isName(text[end...], login.username.isEmpty ? "" : "/" + login.username, login)
  }

  /// Whether a text is a name, or a name with digits of the GUID.
  private func isName(_ text: Substring, _ name: String, _ login: LoginRecord) -> Bool {
    guard text.utf8.starts(with: name.utf8) else { return false }
    let rest = text.utf8.dropFirst(name.utf8.count)
    if rest.isEmpty { return true }
    guard rest.first == UInt8(ascii: "#"), rest.count > 1 else { return false }
    return login.guid.utf8.drop { $0 == UInt8(ascii: "{") }.starts(with: rest.dropFirst())
  }

  /// `host[:port]`, or `scheme:host[:port]`: the first word before a colon is a scheme unless it is a host and a port
  /// follows it.
  private static func origins(named place: Substring) -> [Origin] {
    var origins = [Origin(scheme: "https", authority: String(place))]
    if let colon = place.utf8.firstIndex(of: UInt8(ascii: ":")) {
      origins.append(
        Origin(scheme: String(place[..<colon]), authority: String(place[place.utf8.index(after: colon)...])))
    }
    return origins.compactMap { $0 }
  }

  private func namesByURL(_ login: LoginRecord, _ origin: Origin) -> Bool {
    guard Origin(text) == origin else { return false }
    let authority = text.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return true }
    return authority[..<at].elementsEqual(login.username.utf8)
      || PercentEncoding.decode(authority[..<at]).elementsEqual(login.username.utf8)
  }
}
