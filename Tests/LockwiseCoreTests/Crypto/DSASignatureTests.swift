import Testing

@testable import LockwiseCore

/// Strict decoding of signatures in DER.
@Suite struct DSASignatureTests {
  private static let long = [UInt8](repeating: 0x7F, count: 33)

  @Test(
    arguments: [
      ([0x30, 6, 2, 1, 1, 2, 1, 2], [1], [2]),
      ([0x30, 7, 2, 2, 0, 0x80, 2, 1, 0x7F], [0x80], [0x7F]),
      ([0x30, 8, 2, 2, 1, 0, 2, 2, 0x12, 0x34], [1, 0], [0x12, 0x34]),
    ] as [([UInt8], [UInt8], [UInt8])])
  func read(encoded: [UInt8], r: [UInt8], s: [UInt8]) throws {
    let signature = try #require(DSASignature(encoded: encoded))
    #expect(signature.r == r)
    #expect(signature.s == s)
  }

  @Test(
    arguments: [
      [], [0x30], [0x30, 0], [0x31, 6, 2, 1, 1, 2, 1, 2], [0x30, 6, 3, 1, 1, 2, 1, 2], [0x30, 6, 2, 1, 1, 4, 1, 2],
      // Trailing bytes, missing bytes, another length.
      [0x30, 6, 2, 1, 1, 2, 1, 2, 0], [0x30, 6, 2, 1, 1, 2, 1], [0x30, 5, 2, 1, 1, 2, 1, 2],
      [0x30, 7, 2, 1, 1, 2, 1, 2, 0], [0x30, 9, 2, 1, 1, 2, 1, 2, 2, 1, 3], [0x30, 3, 2, 1, 1],
      // Lengths in long form.
      [0x30, 0x81, 6, 2, 1, 1, 2, 1, 2], [0x30, 0x80, 2, 1, 1, 2, 1, 2, 0, 0], [0x30, 7, 2, 0x81, 1, 1, 2, 1, 2],
      // Numbers that are zero, empty, negative or have a redundant leading zero.
      [0x30, 6, 2, 1, 0, 2, 1, 2], [0x30, 6, 2, 1, 1, 2, 1, 0], [0x30, 5, 2, 0, 2, 1, 2],
      [0x30, 6, 2, 1, 0x80, 2, 1, 2],
      [0x30, 7, 2, 2, 0, 1, 2, 1, 2], [0x30, 7, 2, 2, 0, 0, 2, 1, 2], [0x30, 8, 2, 3, 0, 0, 0x80, 2, 1, 2],
    ] as [[UInt8]])
  func refused(encoded: [UInt8]) { #expect(DSASignature(encoded: encoded) == nil) }

  @Test func halvesAreOfEqualLength() throws {
    let signature = try #require(DSASignature(encoded: [0x30, 7, 2, 2, 1, 2, 2, 1, 3]))
    #expect(signature.halves(of: 3) == [0, 1, 2, 0, 0, 3])
    #expect(signature.halves(of: 2) == [1, 2, 0, 3])
    #expect(signature.halves(of: 1) == nil)
    let long = try #require(DSASignature(encoded: [0x30, 38, 2, 33] + Self.long + [2, 1, 1]))
    #expect(long.halves(of: 32) == nil)
  }
}
