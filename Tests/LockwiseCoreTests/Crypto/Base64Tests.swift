import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct Base64Tests {
  /// RFC 4648 section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func published(text: String, encoded: String) {
    let unpadded = String(encoded.prefix { $0 != "=" })
    for (alphabet, form) in [(Base64.standard, encoded), (.urlSafe, unpadded)] {
      #expect(alphabet.encode(Array(text.utf8)) == form)
      #expect(alphabet.encode(SecretBytes(utf8: text)) == SecretBytes(utf8: form))
      #expect(alphabet.decode(form) == Array(text.utf8))
      #expect(alphabet.decode(SecretBytes(utf8: form)) == SecretBytes(utf8: text))
    }
  }

  @Test func everyLengthAsFoundation() throws {
    var generator = SeededGenerator(seed: 4)
    for count in 0...300 {
      let bytes = generator.bytes(count)
      let standard = Data(bytes).base64EncodedString()
      let urlSafe = standard.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
      #expect(Base64.standard.encode(bytes) == standard, "\(count) bytes")
      #expect(Base64.urlSafe.encode(bytes) == urlSafe, "\(count) bytes")
      #expect(Base64.standard.decode(standard) == bytes, "\(count) bytes")
      #expect(Base64.urlSafe.decode(urlSafe) == bytes, "\(count) bytes")
    }
  }

  @Test func alphabets() {
    #expect(Base64.standard.encode([0xFB, 0xFF, 0xFE]) == "+//+")
    #expect(Base64.urlSafe.encode([0xFB, 0xFF, 0xFE]) == "-__-")
    let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    for unit in UInt8.min...UInt8.max {
      for position in 0..<4 {
        var text = Array("AAAA".utf8)
        text[position] = unit
        let secret = SecretBytes(copying: text)
        let standard = letters.union("+/".utf8).contains(unit) || (unit == UInt8(ascii: "=") && position == 3)
        #expect((Base64.standard.decode(secret) != nil) == standard, "byte \(unit) at \(position)")
        let urlSafe = letters.union("-_".utf8).contains(unit)
        #expect((Base64.urlSafe.decode(secret) != nil) == urlSafe, "byte \(unit) at \(position)")
      }
    }
  }

  /// RFC 4648 section 3.5: the spare bits of a short last group must be zero. So 4 or 16 of the 64 possible last
  /// characters are valid.
  @Test func strayBits() {
    let alphabet = Base64.standard.encode(
      (0..<16).flatMap { group in
        let bits = (0..<4).reduce(0) { $0 << 6 | UInt32(group * 4 + $1) }
        return [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
      })
    #expect(alphabet.hasPrefix("ABCD") && alphabet.hasSuffix("89+/") && alphabet.count == 64)
    for (index, character) in alphabet.enumerated() {
      #expect((Base64.standard.decode("A\(character)==") != nil) == (index % 16 == 0), "A\(character)==")
      #expect((Base64.standard.decode("AA\(character)=") != nil) == (index % 4 == 0), "AA\(character)=")
      guard index < 62 else { continue }
      #expect((Base64.urlSafe.decode("A\(character)") != nil) == (index % 16 == 0), "A\(character)")
      #expect((Base64.urlSafe.decode("AA\(character)") != nil) == (index % 4 == 0), "AA\(character)")
    }
  }

  @Test(arguments: [
    "A", "AA", "AAA", "A===", "====", "===", "==", "=", "AA=", "AAA==", "AAAA=", "AAAA==", "AAAA====", "A=A=",
    "A=AA", "=AAA", "AA=A", "AA==AAAA", "AAA=AAAA", "AAAA\n", "AA AA", " AAAA", "AAA ", "AAAA\r\n", "AA-A",
    "AA_A", "AAAA\0", "ÄAA", "AAAAA", "AA\u{0}=",
  ])
  func standardRefuses(text: String) { #expect(Base64.standard.decode(text) == nil) }

  @Test(arguments: [
    "A", "AAAAA", "AA==", "AAA=", "AA=", "AAAA=", "=", "AA+A", "AA/A", "AAAA\n", "AA AA", "AA A", "AAA\0",
    "ÄA",
  ])
  func urlSafeRefuses(text: String) { #expect(Base64.urlSafe.decode(text) == nil) }

  /// Every text that decodes equals the output of `encode`, so each value has one text only.
  @Test func eachValueHasOneText() {
    var generator = SeededGenerator(seed: 5)
    let units = Array("AQgw+/-_=9 \n".utf8)
    var decoded = 0
    for _ in 0..<50_000 {
      let text = String(
        decoding: (0..<Int.random(in: 0...9, using: &generator)).map { _ in
          units.randomElement(using: &generator) ?? 65
        }, as: UTF8.self)
      for alphabet in [Base64.standard, .urlSafe] {
        guard let bytes = alphabet.decode(text) else { continue }
        decoded += 1
        #expect(alphabet.encode(bytes) == text)
      }
    }
    #expect(decoded > 1000)
  }
}
