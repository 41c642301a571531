import LockwiseCore
import Testing

@Suite struct DERReaderTests {
  @Test func elementsAreRead() throws {
    // SEQUENCE { INTEGER 10000, OBJECT IDENTIFIER, OCTET STRING of 2, NULL, SEQUENCE {} }
    var outer = DERReader(try hex("3017 0202 2710 0609 2a864886f70d01050d 0402 beef 0500 3000".filter { $0 != " " }))
    var reader = try outer.sequence()
    try outer.finish()
    #expect(try reader.integer() == 10_000)
    #expect(try reader.objectIdentifier() == "1.2.840.113549.1.5.13")
    #expect(try reader.octetString() == [0xBE, 0xEF])
    try reader.null()
    let inner = try reader.sequence()
    #expect(inner.isAtEnd)
    try reader.finish()
  }

  @Test(arguments: [
    ("0603550403", "2.5.4.3"), ("060100", "0.0"), ("06012a", "1.2"), ("0602883f", "2.1007"),
    ("06082a864886f70d0307", "1.2.840.113549.3.7"),
  ])
  func identifiers(text: String, arcs: String) throws {
    var reader = DERReader(try hex(text))
    #expect(try reader.objectIdentifier() == arcs)
  }

  @Test(arguments: ["0600", "060180", "06028001", "060189", "060affffffffffffffffff7f"])
  func badIdentifiers(text: String) throws {
    #expect(throws: DERError.self) {
      var reader = DERReader(try hex(text))
      return try reader.objectIdentifier()
    }
  }

  @Test(arguments: [("020100", 0), ("02017f", 127), ("02020080", 128), ("02047fffffff", 2_147_483_647)])
  func integers(text: String, value: Int) throws {
    var reader = DERReader(try hex(text))
    #expect(try reader.integer() == value)
  }

  /// Integers that are empty, negative, not minimal or too large.
  @Test(arguments: ["0200", "0201ff", "02020001", "02050080000000", "020100ff01"])
  func badIntegers(text: String) throws {
    #expect(throws: DERError.self) {
      var reader = DERReader(try hex(text))
      let value = try reader.integer()
      try reader.finish()
      return value
    }
  }

  @Test func lengthsOfEveryForm() throws {
    for count in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000] {
      let content = [UInt8](repeating: 7, count: count)
      var length: [UInt8] = [UInt8(truncatingIfNeeded: count)]
      if count >= 65_536 {
        length = [0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
      } else if count >= 256 {
        length = [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
      } else if count >= 128 {
        length = [0x81, UInt8(count)]
      }
      var reader = DERReader([0x04] + length + content)
      #expect(try reader.octetString() == content)
      try reader.finish()
    }
  }

  /// Elements that are truncated, indefinite, not in the shortest form, longer than their parent or of another type,
  /// and four-byte lengths.
  @Test(arguments: [
    "", "04", "0401", "0402aa", "0480aa0000", "048101aa", "0481", "048100", "04820001aa", "0482007f", "0484000000ffaa",
    "0483010000", "0500", "3003040500", "24030401aa",
  ])
  func malformed(text: String) throws {
    #expect(throws: DERError.self) {
      var reader = DERReader(try hex(text))
      if text.hasPrefix("30") { reader = try reader.sequence() }
      return try reader.octetString()
    }
  }

  @Test func trailingBytesAreRefused() throws {
    var reader = DERReader(try hex("0401aa00"))
    _ = try reader.octetString()
    #expect(throws: DERError(position: 3)) { try reader.finish() }
  }
}
