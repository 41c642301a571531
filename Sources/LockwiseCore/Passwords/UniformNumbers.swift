/// Draws numbers below a limit, each with the same probability. A random number beyond the last whole multiple of the
/// limit is discarded, because the remainder would favour small numbers.
struct UniformNumbers {
  private let random: any RandomSource
  private var pool = SecretBytes(count: 0) { _ in }
  private var position = 0

  /// Draws from a source of random bytes.
  init(random: any RandomSource) { self.random = random }

  /// Returns a number from 0 to `limit` - 1.
  ///
  /// - Parameter limit: 1 to 65,536.
  /// - Throws: `CryptoError.unavailable` if no random bytes are available.
  mutating func next(below limit: Int) throws -> Int {
    precondition((1...0x1_0000).contains(limit))
    let end = 0x1_0000 - 0x1_0000 % limit
    while true {
      let number = try nextWord()
      if number < end { return number % limit }
    }
  }

  private mutating func nextWord() throws -> Int {
    if position == pool.count {
      pool = try random.secret(128)
      position = 0
    }
    defer { position += 2 }
    return pool.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: position, as: UInt16.self)) }
  }
}
