import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct SecretFormsTests {
  private func exact(_ secret: String) -> Set<String> { exact(Array(secret.utf8)) }

  private func exact(_ secret: [UInt8]) -> Set<String> {
    var forms: Set<String> = []
    SecretForms(SecretBytes(copying: secret)).forEachExact { forms.insert(String(decoding: $0, as: UTF8.self)) }
    return forms
  }

  private func base64(_ secret: [UInt8]) -> Set<String> {
    var forms: Set<String> = []
    SecretForms(SecretBytes(copying: secret)).forEachBase64 { forms.insert(String(decoding: $0, as: UTF8.self)) }
    return forms
  }

  @Test func hasOneFormOfPlainText() {
    #expect(exact("hunter22") == ["hunter22"])
  }

  @Test(arguments: [
    // JSON: any encoder; PHP; Python; JavaScript and Go; .NET.
    (#"a"b\c"#, #"a\"b\\c"#), ("ab/cd", #"ab\/cd"#), ("ab\tc\nd", #"ab\tc\nd"#),
    ("ab\u{1}c\u{1F}", #"ab\u0001c\u001f"#),
    ("ab\u{1}c\u{1F}", #"ab\u0001c\u001F"#), ("abc\u{8}\u{C}", #"abc\b\f"#), ("abc\u{8}\u{C}", #"abc\u0008\u000c"#),
    ("abc€", #"abc\u20ac"#), ("abc€", #"abc\u20AC"#), ("abc😀", #"abc\ud83d\ude00"#), ("é/é/", #"\u00e9\/\u00e9\/"#),
    ("a<b>&", #"a\u003cb\u003e\u0026"#), ("a<b>&€", #"a\u003cb\u003e\u0026€"#), ("abc\u{2028}", #"abc\u2028"#),
    ("abc\u{7F}", #"abc\u007f"#), (#"a"'+é"#, #"a\u0022\u0027\u002B\u00E9"#),
    // Percent-encoding: all but unreserved; Python; JavaScript; forms.
    ("a b/c~", "a%20b%2Fc~"), ("a b/c~", "a%20b%2fc~"), ("a b/c~", "a%20b/c~"), ("a b/c~", "a+b%2Fc~"),
    ("a b/c~", "a+b%2Fc%7E"), ("a b!*'()", "a%20b!*'()"), ("a b*~", "a+b*%7E"), ("é é", "%C3%A9+%C3%A9"),
    // The terminal.
    ("ab\ncd", "ab\r\ncd"), ("ab\ncd", "ab\ncd"),
  ])
  func hasEncodedForms(secret: String, form: String) {
    #expect(exact(secret).contains(form))
  }

  @Test func hasFormsOfBytesThatAreNotUTF8() {
    #expect(exact([0x61, 0xFF, 0x62, 0x80]).isSuperset(of: ["a%FFb%80", #"a\udcffb\udc80"#]))
    // An overlong sequence, a surrogate, and one that is cut off.
    #expect(exact([0xC0, 0x80, 0xED, 0xA0, 0x80, 0xE2, 0x82]).contains(#"\udcc0\udc80\udced\udca0\udc80\udce2\udc82"#))
  }

  @Test func hasLines() {
    let forms = exact("first line\r\nabc\n    \nlast \"x\"\n")
    #expect(forms.isSuperset(of: ["first line", "last \"x\"", #"last \"x\""#, "last%20%22x%22"]))
    #expect(forms.isDisjoint(with: ["abc", "    ", "abc\n", "first line\r"]))
  }

  @Test func hasBase64AtEachAlignment() {
    for secret in ["abcd", "hunter22", "??>>??>>", "abcdefghi"].map({ Array($0.utf8) }) {
      let forms = base64(secret)
      for alphabet in [Base64.standard, .urlSafe] {
        for before in 0..<3 {
          // The characters that are the same whatever is around the secret.
          let texts = [0, 0xFF].flatMap { (fill: UInt8) in
            [0, 0xFF].map { (end: UInt8) in
              Array(alphabet.encode([UInt8](repeating: fill, count: before) + secret + [end, end, end]).utf8)
            }
          }
          let common = (0..<texts[0].count).filter { place in Set(texts.map { $0[place] }).count == 1 }
          let first = common.first { $0 >= before } ?? 0
          let stable = common.filter { $0 >= first && $0 < (before + secret.count) * 8 / 6 }
          let form = String(decoding: stable.map { texts[0][$0] }, as: UTF8.self)
          #expect(forms.contains(form), "\(form) \(forms)")
        }
      }
    }
  }
}
