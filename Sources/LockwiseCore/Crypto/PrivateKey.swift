import COpenSSL

/// A libcrypto private key, wiped when the last reference goes away.
final class PrivateKey: @unchecked Sendable {
  /// The digest that is signed.
  enum Digest {
    case sha1
    case sha256
  }

  // Only read after `init`, which libcrypto allows from several threads (EVP_PKEY_new(3)).
  private let key: OpaquePointer

  /// Makes a key with `generate`, which returns `nil` on failure.
  ///
  /// - Throws: `CryptoError.unavailable` if that fails.
  init(_ generate: () -> OpaquePointer?) throws {
    try OpenSSL.initialize()
    guard let key = generate() else { throw CryptoError.unavailable }
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// Returns the signature of `message` as libcrypto encodes it.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses the digest or the key.
  func signature(for message: SecretBytes, _ digest: Digest) throws -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw CryptoError.unavailable }
    defer { EVP_MD_CTX_free(context) }
    let method = digest == .sha1 ? EVP_sha1() : EVP_sha256()
    guard EVP_DigestSignInit(context, nil, method, nil, key) == 1 else { throw CryptoError.unavailable }
    return try message.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var count = 0
      guard EVP_DigestSign(context, nil, &count, start, bytes.count) == 1 else { throw CryptoError.unavailable }
      var signature = [UInt8](repeating: 0, count: count)
      guard EVP_DigestSign(context, &signature, &count, start, bytes.count) == 1 else {
        throw CryptoError.unavailable
      }
      return Array(signature[..<count])
    }
  }

  /// Returns one of the key's public numbers, big-endian, without leading zeros.
  ///
  /// - Parameter name: libcrypto's name of the number.
  /// - Throws: `CryptoError.unavailable` if the key has no such number.
  func bytes(_ name: String) throws -> [UInt8] {
    try withNumber(name) { number in
      var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
      guard BN_bn2bin(number, &bytes) == bytes.count else { throw CryptoError.unavailable }
      return bytes
    }
  }

  /// Returns one of the key's public numbers in decimal digits.
  ///
  /// - Throws: `CryptoError.unavailable` if the key has no such number.
  func decimal(_ name: String) throws -> String {
    try withNumber(name) { number in
      guard let digits = BN_bn2dec(number) else { throw CryptoError.unavailable }
      defer { CRYPTO_free(digits, "", 0) }
      return String(cString: digits)
    }
  }

  private func withNumber<Result>(_ name: String, _ body: (OpaquePointer) throws -> Result) throws -> Result {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { throw CryptoError.unavailable }
    defer { BN_free(number) }
    return try body(number)
  }
}
