import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct HexTests {
  /// RFC 4648 section 10, in lower case.
  @Test(arguments: [
    ("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("fooba", "666f6f6261"),
    ("foobar", "666f6f626172"),
  ])
  func published(text: String, digits: String) {
    #expect(Hex.encode(text.utf8) == digits)
    #expect(Hex.encode(SecretBytes(utf8: text)) == SecretBytes(utf8: digits))
    #expect(Hex.decode(digits) == Array(text.utf8))
    #expect(Hex.decode(digits.uppercased()) == Array(text.utf8))
    #expect(Hex.decode(SecretBytes(utf8: digits.uppercased())) == SecretBytes(utf8: text))
  }

  @Test func everyByte() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Hex.decode(Hex.encode(all)) == all)
    #expect(Hex.decode("aBcDeF") == [0xAB, 0xCD, 0xEF])
  }

  @Test func onlyDigits() {
    for unit in UInt8.min...UInt8.max {
      let isDigit = (48...57).contains(unit) || (65...70).contains(unit) || (97...102).contains(unit)
      for pair in [[unit, 48], [48, unit]] {
        #expect((Hex.decode(pair) != nil) == isDigit, "byte \(unit)")
        #expect((Hex.decode(SecretBytes(copying: pair)) != nil) == isDigit, "byte \(unit)")
      }
    }
  }

  @Test(arguments: ["0", "000", "0x00", "00 ", " 00", "00\n", "0 0", "é", "00é", "٣٣"])
  func refused(text: String) {
    #expect(Hex.decode(text) == nil)
    #expect(Hex.decode(SecretBytes(utf8: text)) == nil)
  }
}
