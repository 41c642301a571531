/// A part of an entry that is requested by its name.
public enum EntryField: Equatable, Sendable {
  /// The user name.
  case login
  /// The address of the site.
  case url
  /// The current one-time code.
  case otp
  /// The value of a line `key: value` of the notes.
  case line(key: String)

  /// The reason why an entry has no value for a field.
  public enum Failure: Error, Equatable, Sendable {
    /// The entry has no such field.
    case missing
    /// The entry has no one-time code.
    case noCode
    /// The code depends on a counter, which must be increased for each code.
    case counting
    /// The URI of the code is invalid.
    case invalidCode(OneTimeCode.Failure)
  }

  /// Makes the field with a name: `login`, `url`, `otp` or a key. Letters match in both cases.
  public init(_ name: String) {
    switch name.lowercased() {
    case "login": self = .login
    case "url": self = .url
    case "otp": self = .otp
    default: self = .line(key: name)
    }
  }

  /// Returns the field's value in an entry.
  ///
  /// The notes come first. If they do not name a user, it is the login's user name or, for a free entry, the last part of
  /// its name; if they do not name a URL, it is the login's origin, which a free entry does not have.
  ///
  /// - Parameters:
  ///   - login: the entry's login.
  ///   - time: the time since 1970 for a one-time code.
  /// - Throws: `Failure`; `CryptoError.unavailable` if libcrypto refuses.
  public func value(of login: LoginRecord, at time: Seconds) throws -> SecretBytes {
    let body = EntryBody(of: login)
    let value: SecretBytes? =
      switch self {
      case .login: body.login.flatMap { $0.isEmpty ? nil : $0 } ?? Self.user(of: login)
      case .url: body.field("url").flatMap { $0.isEmpty ? nil : $0 } ?? Self.site(of: login)
      case .otp: try Self.code(of: body, at: time)
      case .line(let key): body.field(key)
      }
    guard let value else { throw Failure.missing }
    return value
  }

  private static func isFree(_ login: LoginRecord) -> Bool {
    TiedField.Values(origin: login.origin, username: login.username).isFreeEntry
  }

  private static func user(of login: LoginRecord) -> SecretBytes? {
    let text = isFree(login) ? EntryName(of: login).text : login.username
    guard !text.isEmpty else { return nil }
    let slash = isFree(login) ? text.utf8.lastIndex(of: UInt8(ascii: "/")) : nil
    return SecretBytes(utf8: slash.map { String(text[text.utf8.index(after: $0)...]) } ?? text)
  }

  private static func site(of login: LoginRecord) -> SecretBytes? {
    isFree(login) ? nil : SecretBytes(utf8: login.origin)
  }

  private static func code(of body: EntryBody, at time: Seconds) throws -> SecretBytes {
    guard let line = body.otpauthLine else { throw Failure.noCode }
    let generator: OneTimeCode
    do throws(OneTimeCode.Failure) { generator = try OneTimeCode(line: line.uri) } catch {
      throw Failure.invalidCode(error)
    }
    guard generator.counter == nil else { throw Failure.counting }
    return try generator.code(at: time)
  }
}
