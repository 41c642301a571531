import LockwiseCore
import Testing

@Suite struct RandomSourceTests {
  /// The generator's state and secrets share the secure heap.
  @Test func randomBytesAreAvailableWithManySecrets() throws {
    let random = SystemRandom()
    let secrets = try (0..<5000).map { _ in try random.secret(64) }
    // More requests than the generator serves before it reseeds itself (EVP_RAND(7), reseed_requests).
    for _ in 0..<70_000 { _ = try random.bytes(1) }
    #expect(Set(secrets.map { $0.withUnsafeBytes { Array($0) } }).count == 5000)
  }

  @Test func fillsEveryByteAndNeverRepeats() throws {
    let random = SystemRandom()
    var seen: Set<[UInt8]> = []
    var union = [UInt8](repeating: 0, count: 40)
    for _ in 0..<200 {
      let bytes = try random.bytes(40)
      #expect(bytes.count == 40)
      #expect(seen.insert(bytes).inserted)
      union = zip(union, bytes).map { $0 | $1 }
    }
    #expect(union == [UInt8](repeating: 0xFF, count: 40), "a bit was 0 in 200 draws")
    #expect(try random.secret(32) != random.secret(32))
  }

  @Test func nothing() throws {
    #expect(try SystemRandom().bytes(0).isEmpty)
    #expect(try SystemRandom().secret(0).isEmpty)
  }
}
