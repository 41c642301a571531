import LockwiseAccounts
import LockwiseCore

/// Signs requests with Hawk 1 (the scheme's API document, "Protocol"). The payload is never hashed: Firefox does
/// not do so for storage requests, and the storage server ignores it.
enum Hawk {
  /// Creates the value of the `Authorization` header for a request.
  ///
  /// - Parameters:
  ///   - method: the method, upper case.
  ///   - url: the absolute URL exactly as it will be sent.
  ///   - credentials: id and key; their clock offset is added to `now`.
  ///   - now: this machine's time.
  ///   - random: the source of the nonce.
  /// - Returns: `Hawk id="…", ts="…", nonce="…", mac="…"`.
  /// - Throws: `HTTPError.refusedURL` for a URL that must not be used; `StorageError.unusableCredentials` for an id
  ///   that a header cannot hold; `CryptoError.unavailable`.
  static func authorization(
    method: String, url: String, credentials: StorageCredentials, now: Milliseconds, random: some RandomSource
  ) throws -> SecretBytes {
    let target = try RequestTarget(url: url)
    let isUsable = credentials.id.withUnsafeBytes { id in
      !id.isEmpty && id.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }
    guard isUsable else { throw StorageError.unusableCredentials }
    let seconds = Seconds(max(0, now + credentials.clockOffset))
    let nonce = Base64.urlSafe.encode(try random.bytes(9))
    let text = normalizedString(seconds: seconds, nonce: nonce, method: method, target: target)
    let mac = try mac(of: text, key: credentials.key)
    var header = SecretBuilder()
    header.append("Hawk id=\"")
    header.append(credentials.id)
    header.append("\", ts=\"\(seconds)\", nonce=\"\(nonce)\", mac=\"\(mac)\"")
    return header.finish()
  }

  /// The text that is authenticated, every line ended by a line feed.
  static func normalizedString(
    seconds: Seconds, nonce: String, method: String, target: RequestTarget, hash: String = "", ext: String = ""
  ) -> String {
    [
      "hawk.1.header", seconds.description, nonce, method, target.resource, target.host, String(target.port),
      hash,
      ext, "",
    ].joined(separator: "\n")
  }

  /// The authentication code, base 64.
  static func mac(of text: String, key: SecretBytes) throws -> String {
    Base64.standard.encode(try HMACSHA256.authenticationCode(for: Array(text.utf8), key: key))
  }
}

/// The parts of an absolute URL that Hawk signs.
struct RequestTarget: Equatable {
  /// The host in lower case, an IPv6 address in its brackets (as in a `Host` header), no port.
  let host: String
  /// The port, the scheme's own if the URL has none.
  let port: Int
  /// The path and query exactly as in the URL.
  let resource: String

  /// Parses a URL like the transport, so that the signature covers what is sent.
  ///
  /// - Throws: `HTTPError.refusedURL` for a URL that the transport would refuse too.
  init(url: String) throws {
    let address = try WebAddress(url)
    host = address.host.contains(":") ? "[\(address.host)]" : address.host
    port = address.port
    resource = address.target.hasPrefix("/") ? address.target : "/" + address.target
  }
}
