import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct SecretBuilderTests {
  @Test func pieces() {
    var builder = SecretBuilder()
    builder.append(UInt8(ascii: "a"))
    builder.append("é")
    builder.append(Unicode.Scalar(0x1F600) ?? " ")
    builder.append(SecretBytes(utf8: "secret"))
    builder.append(SecretBytes(utf8: ""))
    builder.append(UnsafeRawBufferPointer(start: nil, count: 0))
    [UInt8(1), 2].withUnsafeBytes { builder.append($0) }
    let expected = Array("aé😀secret".utf8) + [1, 2]
    #expect(builder.count == expected.count)
    #expect(builder.withUnsafeBytes { Array($0) } == expected)
    #expect(builder.finish().bytes == expected)
  }

  @Test func emptyAfterFinish() {
    var builder = SecretBuilder(capacity: 0)
    #expect(builder.finish().isEmpty)
    builder.append("first")
    #expect(builder.finish() == SecretBytes(utf8: "first"))
    #expect(builder.count == 0)
    builder.append("second")
    #expect(builder.finish() == SecretBytes(utf8: "second"))
  }

  @Test func growth() {
    var generator = SeededGenerator(seed: 3)
    for capacity in [0, 1, 63, 64, 65, 1000] {
      var builder = SecretBuilder(capacity: capacity)
      var expected: [UInt8] = []
      while expected.count < 5000 {
        let piece = generator.bytes(Int.random(in: 0...150, using: &generator))
        if piece.count == 1 {
          builder.append(piece[0])
        } else {
          piece.withUnsafeBytes { builder.append($0) }
        }
        expected += piece
        #expect(builder.count == expected.count)
      }
      #expect(builder.finish().bytes == expected, "capacity \(capacity)")
    }
  }

  @Test func oneLargePiece() {
    var builder = SecretBuilder(capacity: 1)
    let piece = [UInt8](repeating: 7, count: 1_000_000)
    piece.withUnsafeBytes { builder.append($0) }
    builder.append(8)
    #expect(builder.finish().bytes == piece + [8])
  }

  @Test func copiesAreIndependent() {
    var first = SecretBuilder()
    first.append("shared")
    var second = first
    second.append(" and more")
    first.append("!")
    #expect(first.finish() == SecretBytes(utf8: "shared!"))
    #expect(second.finish() == SecretBytes(utf8: "shared and more"))
  }
}
