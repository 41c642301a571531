import LockwiseCore

/// What git asks of a credential helper: the attributes on its standard input (git-credential(1),
/// "INPUT/OUTPUT FORMAT"). Unknown attributes are ignored, as that page demands.
struct GitCredentialRequest: Sendable {
  /// The protocol, such as `https`.
  var scheme: String?
  /// The host with its port, if the URL named one.
  var host: String?
  /// The path, where `credential.useHttpPath` is set.
  var path: String?
  /// The user name, where the URL or the configuration names one. Binding.
  var username: String?
  /// The server's `WWW-Authenticate` header fields (git 2.41 and later).
  var challenges: [String] = []

  /// Why an input is not a request. Nothing of the input is part of it.
  enum Malformed: Error, Equatable {
    /// A line has no `=`.
    case noSeparator
    /// There is a NUL byte or a carriage return in an attribute that names where the secret goes.
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

  /// `url` stands for the attributes that git would have parsed out of it; parts that it lacks are emptied
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
      let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0]
      username = try Self.decode(String(user))
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

  /// The question that this request puts to the vault; `nil` if it names no host that a login could belong to.
  var query: LoginQuery? {
    guard let scheme, let host, let origin = Origin(scheme: scheme, authority: host), !origin.host.isEmpty
    else {
      return nil
    }
    return LoginQuery(
      origin: origin, username: username, realms: challenges.compactMap(AuthenticationChallenge.realm))
  }
}
