/// What people call a login: `host[:port]/username` for https, `scheme:host[:port]/username` for every other scheme, just
/// the host part without a user name; with `#` and the first digits of its GUID behind it where several share a name. A
/// URL (`https://alice@github.com`) or a GUID is a name, too.
public struct EntryName: Equatable, Sendable {
  /// The name as it was given.
  public let text: String

  /// Takes a name.
  public init(_ text: String) { self.text = text }

  /// Whether a login is called so.
  public func names(_ login: LoginRecord) -> Bool {
    if text.isSameText(as: login.guid) { return true }
    let base = Self.base(of: login)
    guard text.utf8.starts(with: base.utf8) else { return namesByURL(login) }
    let rest = text.utf8.dropFirst(base.utf8.count)
    if rest.isEmpty { return true }
    guard rest.first == UInt8(ascii: "#"), rest.count > 1 else { return namesByURL(login) }
    let digits = login.guid.utf8.drop { $0 == UInt8(ascii: "{") }
    return digits.starts(with: rest.dropFirst())
  }

  private func namesByURL(_ login: LoginRecord) -> Bool {
    guard let origin = Origin(text), origin == Origin(login.origin) else { return false }
    let authority = text.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return true }
    return authority[..<at].elementsEqual(login.username.utf8)
  }

  /// The name without `#` and digits.
  private static func base(of login: LoginRecord) -> String {
    guard let origin = Origin(login.origin) else { return login.origin }
    let port = origin.port.map { ":\($0)" } ?? ""
    let host = (origin.scheme == "https" ? "" : origin.scheme + ":") + origin.host + port
    return login.username.isEmpty ? host : host + "/" + login.username
  }
}
