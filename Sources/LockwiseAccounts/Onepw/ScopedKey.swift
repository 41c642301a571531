import LockwiseCore

/// A key that the account has for one scope (Mozilla accounts, "Scoped keys").
public struct ScopedKey: Equatable, Sendable {
  /// The scope of Sync storage and its key.
  static let oldSyncScope = "https://identity.mozilla.com/apps/oldsync"

  /// The scope.
  let scope: String
  /// The key: 64 bytes for Sync (32 to encrypt, 32 to authenticate), 32 for every other scope.
  public let key: SecretBytes
  /// The key's id: `<timestamp>-<base64url fingerprint>`. For Sync it is the token server's `X-KeyID`.
  let kid: String

  /// The server's contribution to a key (POST /account/scoped-key-data).
  public struct Rotation: Sendable {
    /// The key's identifier; the scope, as a rule.
    let identifier: String
    /// 32 bytes, all zero so far.
    public let secret: SecretBytes
    /// The time when the key last changed, milliseconds since 1970.
    let timestamp: Int64

    /// Creates the server's contribution: an identifier, 32 bytes, milliseconds since 1970.
    public init(identifier: String, secret: SecretBytes, timestamp: Int64) {
      self.identifier = identifier
      self.secret = secret
      self.timestamp = timestamp
    }
  }

  /// Creates a key from one that was derived before.
  init(scope: String, key: SecretBytes, kid: String) {
    self.scope = scope
    self.key = key
    self.kid = kid
  }

  /// Derives the key of Sync, which is older than scoped keys and derived differently.
  ///
  /// - Parameters:
  ///   - kB: the account's class-B key, 32 bytes.
  ///   - timestamp: when the key last changed, milliseconds since 1970; 0 if the server does not report it. The token
  ///     server identifies such a key by its client state alone.
  /// - Returns: a key of 64 bytes.
  /// - Throws: `CryptoError` if libcrypto fails.
  static func oldSync(kB: SecretBytes, timestamp: Int64 = 0) throws -> ScopedKey {
    ScopedKey(
      scope: oldSyncScope,
      key: try HKDFSHA256.deriveKey(from: kB, info: Onepw.namespace + "oldsync", count: 64),
      kid: try kid(timestamp, fingerprint: SHA256.hash(kB)[0..<16]))
  }

  /// Derives the key of any scope but Sync's.
  ///
  /// - Parameters:
  ///   - kB: the account's class-B key, 32 bytes.
  ///   - uid: the account's id, 16 bytes.
  ///   - scope: the scope.
  ///   - rotation: the server's contribution.
  /// - Returns: a key of 32 bytes.
  /// - Throws: `CryptoError` if libcrypto fails.
  static func general(
    kB: SecretBytes, uid: [UInt8], scope: String, rotation: Rotation
  ) throws -> ScopedKey {
    let material = try HKDFSHA256.deriveKey(
      from: SecretBytes.concatenating([kB, rotation.secret]), salt: uid,
      info: Onepw.namespace + "scoped_key\n" + rotation.identifier, count: 48)
    // Seconds here, milliseconds for Sync.
    let seconds = (rotation.timestamp + 500) / 1000
    return ScopedKey(
      scope: scope, key: material[16..<48], kid: kid(seconds, fingerprint: material[0..<16]))
  }

  /// The old `X-Client-State` of the token server: 32 hexadecimal digits of the fingerprint in the key's id.
  var clientState: String {
    let fingerprint =
      kid.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).last.map { String($0) } ?? ""
    return Base64.urlSafe.decode(fingerprint).map { Hex.encode($0) } ?? ""
  }

  /// The key as a JSON Web Key (RFC 7517).
  var jwk: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("kty", "oct")
    writer.member("scope", scope)
    writer.member("k", secret: Base64.urlSafe.encode(key))
    writer.member("kid", kid)
    return writer.finish()
  }

  private static func kid(_ timestamp: Int64, fingerprint: SecretBytes) -> String {
    "\(timestamp)-\(Base64.urlSafe.encode(fingerprint.withUnsafeBytes { Array($0) }))"
  }

  /// Whether `kid` has the form of a key id: a positive number, `-`, 16 bytes in base64url.
  static func isKeyID(_ kid: String) -> Bool {
    let parts = kid.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number > 0, parts[0].first != "+" else {
      return false
    }
    return Base64.urlSafe.decode(String(parts[1]))?.count == 16
  }

  /// Whether `kid` is that of a key whose time is not known: `0-`, 16 bytes in base64url.
  static func isKeyIDWithoutTime(_ kid: String) -> Bool {
    kid.hasPrefix("0-") && Base64.urlSafe.decode(String(kid.dropFirst(2)))?.count == 16
  }
}
