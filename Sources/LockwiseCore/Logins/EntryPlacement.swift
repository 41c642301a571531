/// The place of a new entry: the site and user name that its name refers to.
public struct EntryPlacement: Equatable, Sendable {
  /// The origin of the login.
  public let origin: String
  /// The form or realm of the login.
  public let target: LoginTarget
  /// The user name, which may be empty.
  public let username: String
  /// The login's own entry name (`lockwise.name`); `nil` if its origin and user name make the name that was given.
  public let ownName: String?

  /// Returns whether a name refers to a site by itself: its first part is `host[:port]` or `scheme:host[:port]`, or it
  /// is a URL.
  public static func isWebLike(_ name: String) -> Bool {
    let name = String(ShownName.withoutLeadingSlashes(name))
    return site(name) != nil
  }

  /// Places an entry by its name: a login of the site that it refers to, else a free entry.
  ///
  /// - Parameter name: the name as typed. Leading slashes are dropped.
  /// - Returns: `nil` if the name is empty, contains NUL, or is a URL with a path.
  public init?(name: String) {
    guard let text = Self.name(name) else { return nil }
    guard let site = Self.site(text) else {
      self.init(freeName: text)
      return
    }
    if let username = site.username {
      self.init(site.origin, WebLikeName.target(site.origin), username, named: text)
    } else {
      guard let username = Self.username(ofURL: text) else { return nil }
      self.init(site.origin, WebLikeName.target(site.origin), username)
    }
  }

  /// Places an entry below `pass://`, whatever its name refers to.
  ///
  /// - Parameter name: the name as typed. Leading slashes are dropped.
  /// - Returns: `nil` if the name is empty or contains NUL.
  public init?(freeName name: String) {
    guard let text = Self.name(name) else { return nil }
    let parts = FreeEntry.split(text)
    origin = FreeEntry.origin(firstPart: parts.firstPart)
    target = .realm(FreeEntry.scheme)
    username = parts.username
    ownName = nil
  }

  /// Places an entry by the site and user name in its body, under its own name.
  ///
  /// - Parameters:
  ///   - name: the name as typed. Leading slashes are dropped.
  ///   - login: the value of the body's `login:` line, not empty.
  ///   - url: the value of the body's `url:` line.
  /// - Returns: `nil` if the name refers to a site by itself, or the URL is not a valid https URL.
  public init?(name: String, login: String, url: String) {
    guard let text = Self.name(name), Self.site(text) == nil, !login.isEmpty, !login.utf8.contains(0),
      url.utf8.firstRange(of: "://") != nil, let site = Origin(url), site.scheme == "https"
    else { return nil }
    self.init(site, .form(""), login, named: text)
  }

  /// Places a login whose origin, target and user name are known.
  package init(origin: String, target: LoginTarget, username: String) {
    self.origin = origin
    self.target = target
    self.username = username
    ownName = nil
  }

  private init(_ site: Origin, _ target: LoginTarget, _ username: String, named name: String? = nil) {
    origin = site.serialized
    self.target = target
    self.username = username
    let natural = ShownName.of(EntryName.natural(site, username: username))
    ownName = name.map(ShownName.of).flatMap { $0.isSameText(as: natural) ? nil : $0 }
  }

  private static func name(_ text: String) -> String? {
    let name = ShownName.withoutLeadingSlashes(text)
    return name.isEmpty || name.utf8.contains(0) ? nil : String(name)
  }

  /// Returns the site that a name refers to by itself, and the user name; `nil` in place of the user name if the name is
  /// a URL.
  private static func site(_ name: String) -> (origin: Origin, username: String?)? {
    if let web = WebLikeName(name) { return (web.origin, web.username) }
    guard name.utf8.firstRange(of: "://") != nil, let origin = Origin(name), Origin.isKnown(scheme: origin.scheme)
    else {
      return nil
    }
    return (origin, nil)
  }

  /// Returns the user name of a URL; `nil` if the URL has a path, a query, a fragment or a password.
  private static func username(ofURL text: String) -> String? {
    guard let separator = text.utf8.firstRange(of: "://") else { return nil }
    var rest = text[separator.upperBound...].utf8
    if rest.last == UInt8(ascii: "/") { rest.removeLast() }
    guard !rest.contains(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }) else { return nil }
    guard let at = rest.lastIndex(of: UInt8(ascii: "@")) else { return "" }
    let user = rest[..<at]
    guard !user.contains(UInt8(ascii: ":")) else { return nil }
    let decoded = PercentEncoding.decode(user)
    return String(validating: decoded, as: UTF8.self)
  }
}
