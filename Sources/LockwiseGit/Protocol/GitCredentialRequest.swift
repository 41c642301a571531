import LockwiseCLI
import LockwiseCore

/// What git asks of a credential helper: the attributes on its standard input (git-credential(1),
/// "INPUT/OUTPUT FORMAT"). Unknown attributes are ignored, as that page demands.
struct GitCredentialRequest: Sendable {
  /// The protocol, such as `https`.
  var scheme: String?
  /// The host with its port, if the URL named one.
  var host: String?
  /// The path, where `credential.useHttpPath` is set or the protocol is not HTTP.
  var path: String?
  /// The user name, where the URL or the configuration names one. Binding.
  var username: String?
  /// Whether a user name was given that is not UTF-8: no login can have it.
  var hasUnreadableUsername = false
  /// The password, byte by byte.
  var password: SecretBytes?
  /// The scheme of an `Authorization` header (git 2.46 and later).
  var authtype: String?
  /// What stands behind the scheme there, in place of a password (git 2.46 and later).
  var credential: SecretBytes?
  /// Until when the password is good, seconds since 1970 (git 2.40 and later).
  var passwordExpiry: Int64?
  /// What a new password can be had with (git 2.41 and later).
  var oauthRefreshToken: SecretBytes?
  /// Whether the credential is for this once (git 2.46 and later).
  var isEphemeral = false
  /// What git announced that it understands (git 2.46 and later).
  var capabilities: Capabilities = []
  /// What we told git to remember (git 2.46 and later); those of other helpers are left out.
  var states: [StateAttribute] = []
  /// The server's realm as we told git to remember it (git 2.46 and later).
  var realmState: RealmState?
  /// The server's `WWW-Authenticate` header fields (git 2.41 and later).
  var challenges: [String] = []

  /// Extensions of the protocol, which both sides must announce. No `Set`: that would cost a tenth of a look-up.
  struct Capabilities: OptionSet, Sendable {
    let rawValue: UInt8
    static let authtype = Capabilities(rawValue: 1)
    static let state = Capabilities(rawValue: 2)
  }

  /// Why an input is not a request. Nothing of the input is part of it.
  enum Malformed: Error, Equatable {
    /// A line has no `=`.
    case noSeparator
    /// There is a NUL byte or a carriage return where none may be.
    case controlCharacter
    /// Text that is not UTF-8 in an attribute that names where the secret goes.
    case notUTF8
    /// `url` is not a URL.
    case badURL
  }

  /// Reads the attributes up to an empty line or the end.
  ///
  /// - Parameter input: what git wrote.
  /// - Throws: `Malformed`.
  init(parsing input: SecretBytes) throws(Malformed) {
    // A result, because withUnsafeBytes cannot rethrow a typed error.
    let parsed: Result<GitCredentialRequest, Malformed> = input.withUnsafeBytes { bytes in
      var request = GitCredentialRequest()
      do throws(Malformed) {
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
          if line.isEmpty { break }
          guard let separator = line.firstIndex(of: UInt8(ascii: "=")) else { throw .noSeparator }
          try request.take(
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

  private mutating func take(name: Slice<UnsafeRawBufferPointer>, value: UnsafeRawBufferPointer)
    throws(Malformed)
  {
    switch String(decoding: name, as: UTF8.self) {
    case "protocol": scheme = try Self.text(value)
    case "host": host = try Self.text(value)
    case "path": path = try Self.place(value)
    case "username": try takeUsername(value)
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
      // An empty value starts the list anew (git-credential(1)).
      if value.isEmpty { challenges = [] } else { challenges.append(String(decoding: value, as: UTF8.self)) }
    case "url": try takeURL(value)
    default: break
    }
  }

  /// git refuses line feeds itself; a carriage return or NUL can only be an attempt to confuse a helper (CVE-2020-5260,
  /// CVE-2024-52006).
  private static func checkControlCharacters(_ value: UnsafeRawBufferPointer) throws(Malformed) {
    guard !value.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else { throw .controlCharacter }
  }

  private static func text(_ value: UnsafeRawBufferPointer) throws(Malformed) -> String {
    try checkControlCharacters(value)
    guard let text = String(validating: value, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// A path of any bytes: one that is not UTF-8 gets a text of its own.
  private static func place(_ value: UnsafeRawBufferPointer) throws(Malformed) -> String {
    try checkControlCharacters(value)
    return String(validating: value, as: UTF8.self) ?? PercentEncoding.text(value)
  }

  private mutating func takeUsername(_ value: UnsafeRawBufferPointer) throws(Malformed) {
    try Self.checkControlCharacters(value)
    username = String(validating: value, as: UTF8.self)
    hasUnreadableUsername = username == nil
  }

  /// git takes 0 and what does not fit for "never" (credential.c).
  private static func time(_ value: UnsafeRawBufferPointer) -> Int64? {
    guard !value.isEmpty, value.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(String(decoding: value, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
  }

  /// `url` stands for the attributes that git would have parsed out of it; everything else is emptied
  /// (git-credential(1), credential.c `credential_from_url`).
  private mutating func takeURL(_ url: UnsafeRawBufferPointer) throws(Malformed) {
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
      try Self.decode(user[0]) { value throws(Malformed) in try takeUsername(value) }
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

  /// Hands on the decoded bytes, which must obey the same rules as those that need no decoding.
  private static func decode(
    _ bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) throws(Malformed) -> Void
  ) throws(Malformed) {
    let result: Result<Void, Malformed> = PercentEncoding.decode(bytes, decodesNUL: true).withUnsafeBytes { buffer in
      do throws(Malformed) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Reads a URL as git does.
  ///
  /// - Throws: `Malformed`.
  init(url: [UInt8]) throws(Malformed) {
    let parsed: Result<GitCredentialRequest, Malformed> = url.withUnsafeBytes { bytes in
      var request = GitCredentialRequest()
      do throws(Malformed) {
        try request.takeURL(bytes)
        return .success(request)
      } catch {
        return .failure(error)
      }
    }
    self = try parsed.get()
  }
}
