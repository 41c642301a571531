/// The key derivation of ECDH-ES in JOSE (RFC 7518 section 4.6.2): one round of Concat KDF with SHA-256.
public enum ConcatKDF {
  /// Derives a key.
  ///
  /// - Parameters:
  ///   - secret: the shared secret of the key agreement.
  ///   - algorithm: the message's `enc` (the `AlgorithmID`).
  ///   - partyU: `apu`, decoded; empty if there is none.
  ///   - partyV: `apv`, decoded; empty if there is none.
  ///   - bits: the key's length, a multiple of 8 up to 256.
  /// - Throws: `CryptoError.incorrectSize` if the length is not supported.
  public static func deriveKey(
    from secret: SecretBytes, algorithm: String, partyU: [UInt8] = [], partyV: [UInt8] = [], bits: Int
  ) throws -> SecretBytes {
    guard bits % 8 == 0, (8...256).contains(bits) else { throw CryptoError.incorrectSize }
    var message = SecretBuilder(capacity: 128)
    append(1, to: &message)
    message.append(secret)
    for field in [Array(algorithm.utf8), partyU, partyV] {
      append(UInt32(field.count), to: &message)
      for byte in field { message.append(byte) }
    }
    append(UInt32(bits), to: &message)
    return try SHA256.hash(message.finish())[0..<bits / 8]
  }

  private static func append(_ number: UInt32, to message: inout SecretBuilder) {
    for shift in [24, 16, 8, 0] as [UInt32] { message.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
