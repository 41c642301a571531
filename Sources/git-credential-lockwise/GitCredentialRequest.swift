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
    case "path": path = try Self.text(value)
    case "username": username = try Self.text(value)
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
    case "url": try takeURL(try Self.text(value))
    default: break
    }
  }

  private static func text(_ value: UnsafeRawBufferPointer) throws(Malformed) -> String {
    // git refuses line feeds itself; a carriage return or NUL can only be an attempt to confuse a helper
    // (CVE-2020-5260, CVE-2024-52006).
    guard !value.contains(0), !value.contains(UInt8(ascii: "\r")) else { throw .controlCharacter }
    guard let text = String(validating: value, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// git takes 0 and what does not fit for "never" (credential.c).
  private static func time(_ value: UnsafeRawBufferPointer) -> Int64? {
    guard !value.isEmpty, value.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(String(decoding: value, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
  }

  /// `url` stands for the attributes that git would have parsed out of it; everything else is emptied
  /// (git-credential(1), credential.c `credential_from_url`).
  private mutating func takeURL(_ url: String) throws(Malformed) {
    let utf8 = url.utf8
    guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), colon != utf8.startIndex,
      utf8[colon...].starts(with: "://".utf8)
    else { throw .badURL }
    var rest = url[utf8.index(colon, offsetBy: 3)...]
    var authority = rest
    if let slash = rest.utf8.firstIndex(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }) {
      authority = rest[..<slash]
      rest = rest[slash...]
    } else {
      rest = ""
    }
    self = GitCredentialRequest()
    scheme = String(url[..<colon])
    if let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
      let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      username = try Self.decode(String(user[0]))
      if user.count > 1 { password = SecretBytes(utf8: try Self.decode(String(user[1]))) }
      authority = authority[authority.utf8.index(after: at)...]
    }
    host = try Self.decode(String(authority))
    var path = rest.drop { $0 == "/" }
    while path.last == "/" { path.removeLast() }
    if !path.isEmpty { self.path = try Self.decode(String(path)) }
  }

  /// Percent-decoding (RFC 3986 section 2.1); what is decoded must obey the same rules as what is not.
  private static func decode(_ text: String) throws(Malformed) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "%"), rest.count >= 3, let decoded = Hex.decode(rest.dropFirst().prefix(2)) {
        bytes += decoded
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    guard !bytes.contains(UInt8(ascii: "\n")) else { throw .controlCharacter }
    let result: Result<String, Malformed> = bytes.withUnsafeBytes { buffer in
      do throws(Malformed) { return .success(try Self.text(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
