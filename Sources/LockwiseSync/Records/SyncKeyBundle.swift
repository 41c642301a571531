import LockwiseCore

/// The two keys of encrypted Sync records (Sync storage format 5, "key bundle").
public struct SyncKeyBundle: Sendable, Equatable {
  /// The AES-256 key, 32 bytes.
  public let encryptionKey: SecretBytes
  /// The HMAC-SHA-256 key, 32 bytes.
  public let hmacKey: SecretBytes

  /// Creates a bundle from two keys.
  ///
  /// - Parameters:
  ///   - encryptionKey: 32 bytes.
  ///   - hmacKey: 32 bytes.
  /// - Throws: `CryptoError.incorrectSize` for keys of another length.
  public init(encryptionKey: SecretBytes, hmacKey: SecretBytes) throws {
    guard encryptionKey.count == 32, hmacKey.count == 32 else { throw CryptoError.incorrectSize }
    self.encryptionKey = encryptionKey
    self.hmacKey = hmacKey
  }

  /// Splits the account's Sync key, the scoped key `https://identity.mozilla.com/apps/oldsync`: the first half
  /// encrypts, the second authenticates.
  ///
  /// - Parameter syncKey: 64 bytes.
  /// - Throws: `CryptoError.incorrectSize` for a key of another length.
  public init(syncKey: SecretBytes) throws {
    guard syncKey.count == 64 else { throw CryptoError.incorrectSize }
    try self.init(encryptionKey: syncKey[0..<32], hmacKey: syncKey[32..<64])
  }

  /// Reads the two keys of `crypto/keys`: an array of two base 64 strings.
  init?(json value: JSONValue) {
    guard let pair = value.array, pair.count == 2,
      let encryption = pair[0].secret.flatMap({ Base64.standard.decode($0) }),
      let hmac = pair[1].secret.flatMap({ Base64.standard.decode($0) })
    else { return nil }
    try? self.init(encryptionKey: encryption, hmacKey: hmac)
  }
}
