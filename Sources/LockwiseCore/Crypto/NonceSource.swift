/// Fresh nonces for AES-GCM, drawn from a random source many at a time: a call of the generator costs more than sealing
/// a record. Not for two threads at a time, nor on both sides of a fork.
struct NonceSource {
  /// One nonce.
  typealias Nonce = ArraySlice<UInt8>

  private static let drawn = 64
  private var unused: Nonce = []

  /// A nonce that was not handed out before.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  mutating func next(from random: some RandomSource) throws -> Nonce {
    if unused.isEmpty { unused = try random.bytes(Self.drawn * AES256GCM.nonceByteCount)[...] }
    defer { unused = unused.dropFirst(AES256GCM.nonceByteCount) }
    return unused.prefix(AES256GCM.nonceByteCount)
  }
}
