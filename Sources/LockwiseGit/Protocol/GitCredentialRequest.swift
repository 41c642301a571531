import LockwiseCLI
import LockwiseCore

/// A request from git: the attributes on the helper's standard input (git-credential(1), "INPUT/OUTPUT FORMAT").
/// Unknown attributes are ignored, as that page requires.
struct GitCredentialRequest: Sendable {
  /// The protocol, such as `https`.
  var scheme: String?
  /// The host, with the port if the URL has one.
  var host: String?
  /// The path, sent if `credential.useHttpPath` is set or the protocol is not HTTP.
  var path: String?
  /// The user name, sent if the URL or the configuration names one. It must match.
  var username: String?
  /// Whether the user name is not UTF-8, so that no login can have it.
  var hasUnreadableUsername = false
  /// The password's bytes.
  var password: SecretBytes?
  /// The scheme of an `Authorization` header (git 2.46 and later).
  var authtype: String?
  /// The credential after the scheme in that header, in place of a password (git 2.46 and later).
  var credential: SecretBytes?
  /// The time when the password expires (git 2.40 and later).
  var passwordExpiry: Seconds?
  /// The OAuth refresh token for obtaining a new password (git 2.41 and later).
  var oauthRefreshToken: SecretBytes?
  /// Whether the credential must not be stored (git 2.46 and later).
  var isEphemeral = false
  /// The protocol extensions that git supports (git 2.46 and later).
  var capabilities: Capabilities = []
  /// The states that this helper sent to git (git 2.46 and later). Those of other helpers are ignored.
  var states: [StateAttribute] = []
  /// The server's realm from the state that this helper sent to git (git 2.46 and later).
  var realmState: RealmState?
  /// The server's `WWW-Authenticate` header fields (git 2.41 and later).
  var challenges: [String] = []

  /// Extensions of the protocol, which both sides must announce. Not a `Set`, which would take a tenth of a look-up's
  /// time.
  struct Capabilities: OptionSet, Sendable {
    let rawValue: UInt8
    static let authtype = Capabilities(rawValue: 1)
    static let state = Capabilities(rawValue: 2)
  }

  /// The reason why an input is not a request. It contains nothing of the input.
  enum Malformed: Error, Equatable {
    /// A line has no `=`.
    case noSeparator
    /// A value contains a forbidden NUL byte or carriage return.
    case controlCharacter
    /// An attribute that identifies the secret's destination is not UTF-8.
    case notUTF8
    /// `url` is not a URL.
    case badURL
  }

  /// Parses the attributes up to an empty line or the end.
  ///
  /// - Parameter input: git's output.
  /// - Throws: `Malformed` if it is not a request.
  init(parsing input: SecretBytes) throws(Malformed) {
    // A `Result`, because `withUnsafeBytes` cannot rethrow a typed error.
    let parsed: Result<GitCredentialRequest, Malformed> = input.withUnsafeBytes { bytes in
      var request = GitCredentialRequest()
      do throws(Malformed) {
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
          if line.isEmpty { break }
          guard let separator = line.firstIndex(of: UInt8(ascii: "=")) else { throw .noSeparator }
          try request.parse(
            name: line[..<separator], value: UnsafeRawBufferPointer(rebasing: line[(separator + 1)...]))
        }
        return .success(request)
      } catch {
        return .failure(error)
      }
    }
    self = try parsed.get()
  }

  private init() {}

  /// Makes a request for the user name and password at a URL.
  init(scheme: String, host: String, username: String?, path: String?) {
    self.scheme = scheme
    self.host = host
    self.username = username
    self.path = path
  }

  private mutating func parse(name: Slice<UnsafeRawBufferPointer>, value: UnsafeRawBufferPointer)
    throws(Malformed)
  {
    switch String(decoding: name, as: UTF8.self) {
    case "protocol": scheme = try Self.text(value)
    case "host": host = try Self.text(value)
    case "path": path = try Self.place(value)
    case "username": try parseUsername(value)
    case "password": password = SecretBytes(copying: value)
    case "authtype": authtype = value.isEmpty ? nil : try? Self.text(value)
    case "credential": credential = SecretBytes(copying: value)
    case "password_expiry_utc": passwordExpiry = Self.time(value)
    case "oauth_refresh_token": oauthRefreshToken = value.isEmpty ? nil : SecretBytes(copying: value)
    case "ephemeral":
      isEphemeral = GitConfiguration.bool(String(decoding: value, as: UTF8.self)) ?? false
    case "capability[]":
      switch String(decoding: value, as: UTF8.self) {
      case "authtype": capabilities.formUnion(.authtype)
      case "state": capabilities.formUnion(.state)
      default: break
      }
    case "state[]":
      if value.isEmpty {
        states = []
        realmState = nil
      } else if let ours = StateAttribute(parsing: value) {
        states.append(ours)
      } else if let ours = RealmState(parsing: value) {
        realmState = ours
      }
    case "wwwauth[]":
      // An empty value clears the list (git-credential(1)).
      if value.isEmpty { challenges = [] } else { challenges.append(String(decoding: value, as: UTF8.self)) }
    case "url": try parseURL(value)
    default: break
    }
  }

  /// Refuses carriage returns and NUL bytes, which can only be attempts to confuse a helper (CVE-2020-5260,
  /// CVE-2024-52006). git refuses line feeds itself.
  private static func checkControlCharacters(_ value: UnsafeRawBufferPointer) throws(Malformed) {
    guard !value.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else { throw .controlCharacter }
  }

  private static func text(_ value: UnsafeRawBufferPointer) throws(Malformed) -> String {
    try checkControlCharacters(value)
    guard let text = String(validating: value, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// Returns a path of any bytes as text. Bytes that are not UTF-8 are encoded.
  private static func place(_ value: UnsafeRawBufferPointer) throws(Malformed) -> String {
    try checkControlCharacters(value)
    return String(validating: value, as: UTF8.self) ?? PercentEncoding.text(value)
  }

  private mutating func parseUsername(_ value: UnsafeRawBufferPointer) throws(Malformed) {
    try Self.checkControlCharacters(value)
    username = String(validating: value, as: UTF8.self)
    hasUnreadableUsername = username == nil
  }

  /// Returns a time; `nil`, which means never, for 0 and values out of range, as in git (credential.c).
  private static func time(_ value: UnsafeRawBufferPointer) -> Seconds? {
    guard !value.isEmpty, value.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(String(decoding: value, as: UTF8.self)).flatMap { $0 > 0 ? Seconds($0) : nil }
  }

  /// Replaces the attributes by those of `url` and clears all others (git-credential(1); credential.c,
  /// `credential_from_url`).
  private mutating func parseURL(_ url: UnsafeRawBufferPointer) throws(Malformed) {
    try Self.checkControlCharacters(url)
    guard let colon = url.firstIndex(of: UInt8(ascii: ":")), colon > 0, url[colon...].starts(with: "://".utf8) else {
      throw .badURL
    }
    let rest = url[(colon + 3)...]
    let slash = rest.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
    var authority = rest[..<slash]
    self = GitCredentialRequest()
    scheme = try Self.text(UnsafeRawBufferPointer(rebasing: url[..<colon]))
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      let user = authority[..<at].split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      try Self.decode(user[0]) { value throws(Malformed) in try parseUsername(value) }
      if user.count > 1 {
        try Self.decode(user[1]) { value throws(Malformed) in
          try Self.checkControlCharacters(value)
          password = SecretBytes(copying: value)
        }
      }
      authority = authority[(at + 1)...]
    }
    try Self.decode(authority) { value throws(Malformed) in host = try Self.text(value) }
    var path = rest[slash...].drop { $0 == 0x2F }
    while path.last == 0x2F { path.removeLast() }
    if !path.isEmpty { try Self.decode(path) { value throws(Malformed) in self.path = try Self.place(value) } }
  }

  /// Calls `body` with the decoded bytes, which must satisfy the same rules as bytes without encoding.
  private static func decode(
    _ bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) throws(Malformed) -> Void
  ) throws(Malformed) {
    let result: Result<Void, Malformed> = PercentEncoding.decode(bytes, decodesNUL: true).withUnsafeBytes { buffer in
      do throws(Malformed) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Parses a URL as git does.
  ///
  /// - Throws: `Malformed` if it is not one.
  init(url: [UInt8]) throws(Malformed) {
    let parsed: Result<GitCredentialRequest, Malformed> = url.withUnsafeBytes { bytes in
      var request = GitCredentialRequest()
      do throws(Malformed) {
        try request.parseURL(bytes)
        return .success(request)
      } catch {
        return .failure(error)
      }
    }
    self = try parsed.get()
  }
}
