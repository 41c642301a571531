import LockwiseCore

/// The encrypted keys in the response of GET /account/keys (onepw protocol).
struct KeyBundle: Sendable {
  /// The class-B key still wrapped by the password: 32 bytes.
  let wrapKB: SecretBytes
  /// The class-A key, which nothing uses today: 32 bytes.
  let kA: SecretBytes

  /// Opens a bundle.
  ///
  /// - Parameters:
  ///   - bundle: 96 bytes: 64 of ciphertext and their authentication code.
  ///   - bundleKey: the key fetch token's bundle key, 32 bytes.
  /// - Throws: `AccountsError.tamperedKeyBundle` if the code does not match, which is checked before anything is
  ///   decrypted; `CryptoError` if libcrypto fails.
  public init(_ bundle: SecretBytes, bundleKey: SecretBytes) throws {
    guard bundle.count == 96 else { throw AccountsError.tamperedKeyBundle }
    let keys = try HKDFSHA256.deriveKey(from: bundleKey, info: Onepw.namespace + "account/keys", count: 96)
    let code = bundle[64..<96].withUnsafeBytes { Array($0) }
    let isValid = try bundle[0..<64].withUnsafeBytes {
      try HMACSHA256.isValid(code, for: $0, key: keys[0..<32])
    }
    guard isValid else { throw AccountsError.tamperedKeyBundle }
    let clear = try SecretBytes.xor(bundle[0..<64], keys[32..<96])
    kA = clear[0..<32]
    wrapKB = clear[32..<64]
  }

  /// Unwraps the class-B key, from which all scoped keys come: 32 bytes.
  ///
  /// - Parameter unwrapBKey: from stretching the password in the same version as for the login.
  /// - Returns: kB.
  /// - Throws: `CryptoError.incorrectSize` if it is not 32 bytes.
  func unwrap(with unwrapBKey: SecretBytes) throws -> SecretBytes {
    try SecretBytes.xor(wrapKB, unwrapBKey)
  }
}
