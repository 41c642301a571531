import LockwiseCore
import Testing

@Suite struct RandomSourceTests {
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
