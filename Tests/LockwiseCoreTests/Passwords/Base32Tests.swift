import Testing

@testable import LockwiseCore

@Suite struct Base32Tests {
  /// RFC 4648 section 10.
  @Test(arguments: [
    ("", ""), ("MY======", "f"), ("MZXQ====", "fo"), ("MZXW6===", "foo"), ("MZXW6YQ=", "foob"), ("MZXW6YTB", "fooba"),
    ("MZXW6YTBOI======", "foobar"),
  ])
  func published(encoded: String, text: String) {
    #expect(Base32.decode(SecretBytes(utf8: encoded))?.bytes == Array(text.utf8))
  }

  /// Spellings of `fooba`, and of four of its bytes with superfluous bits.
  @Test(arguments: ["mzxw6ytb", "MZXW 6YTB", "mzxw-6ytb", " MZXW6YTB ", "MZXW6YTB========", "MzXw6YtB="])
  func spellings(encoded: String) { #expect(Base32.decode(SecretBytes(utf8: encoded))?.bytes == Array("fooba".utf8)) }

  @Test func superfluousBitsAreIgnored() {
    #expect(Base32.decode(SecretBytes(utf8: "MZXW6YT"))?.bytes == Array("foob".utf8))
    #expect(Base32.decode(SecretBytes(utf8: "MZXW6YR"))?.bytes == Array("foob".utf8))
  }

  @Test(arguments: ["M", "MZX", "MZXW6Y", "MZXW6YT1", "MZXW6YT8", "MZ=XW6YTB", "MZXW6YT\n", "MZXW6YTÄ", "MZXW6YTBO"])
  func invalid(encoded: String) { #expect(Base32.decode(SecretBytes(utf8: encoded)) == nil) }
}
