import Testing

@testable import LockwiseCore

@Suite struct UTF8TextTests {
  /// Every byte at every position of three words and a remainder, followed by other bytes that end a run.
  @Test func plainTextEndsAtBytesThatJSONEscapes() {
    for length in [1, 7, 8, 9, 24, 27] {
      for position in 0..<length {
        for byte in UInt8.min...UInt8.max {
          var bytes = [UInt8](repeating: 0x61, count: length)
          bytes[position] = byte
          if position + 1 < length { bytes[position + 1] = 0x80 }
          if position + 2 < length { bytes[position + 2] = 0x22 }
          let expected = bytes.firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C } ?? length
          let found = bytes.withUnsafeBytes { UTF8Text.endOfPlainText(in: $0, from: 0) }
          #expect(found == expected, "byte \(byte) at \(position) of \(length)")
        }
      }
    }
  }

  @Test func startsWhereItIsTold() {
    let bytes = Array(#"""ab"cdefghijklmnop""#.utf8)
    #expect(bytes.withUnsafeBytes { UTF8Text.endOfPlainText(in: $0, from: 2) } == 4)
    #expect(bytes.withUnsafeBytes { UTF8Text.endOfPlainText(in: $0, from: 5) } == bytes.count - 1)
    #expect(bytes.withUnsafeBytes { UTF8Text.endOfPlainText(in: $0, from: bytes.count) } == bytes.count)
  }

  /// Comparison with the standard library, at all positions in two words.
  @Test(
    arguments: [
      [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x94, 0x91], [0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82],
    ] as [[UInt8]])
  func validityIsThatOfTheStandardLibrary(sequence: [UInt8]) {
    for before in 0..<17 {
      for after in 0..<9 {
        let bytes = [UInt8](repeating: 0x7F, count: before) + sequence + [UInt8](repeating: 0x20, count: after)
        let expected = String(validating: bytes, as: UTF8.self) != nil
        #expect(bytes.withUnsafeBytes { UTF8Text.isValid($0) } == expected)
      }
    }
  }
}
