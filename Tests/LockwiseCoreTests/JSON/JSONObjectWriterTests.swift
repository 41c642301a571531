import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct JSONObjectWriterTests {
  @Test func empty() throws {
    var writer = JSONObjectWriter()
    #expect(writer.finish() == SecretBytes(utf8: "{}"))
  }

  @Test func members() throws {
    var writer = JSONObjectWriter()
    writer.member("text", "a\"\\/\n\r\t\u{0}\u{1F}\u{7F}é😀\u{2028}")
    writer.member("secret", secret: SecretBytes(utf8: "p\u{8}w"))
    writer.member("largest", Int64.max)
    writer.member("smallest", Int64.min)
    writer.member("yes", true)
    writer.member("no", false)
    writer.memberNull("nothing")
    writer.member("json", json: SecretBytes(utf8: #"{"a": [1 ]}"#))
    writer.member("none", jsonArray: [])
    writer.member("some", jsonArray: [SecretBytes(utf8: "1"), SecretBytes(utf8: #""b""#)])
    writer.member("qu\"ote\n", 0)
    #expect(
      writer.finish().exposedText()
        == #"{"text":"a\"\\/\n\r\t\u0000\u001f\#u{7F}é😀\#u{2028}","secret":"p\u0008w","#
        + #""largest":9223372036854775807,"smallest":-9223372036854775808,"yes":true,"no":false,"nothing":null,"#
        + #""json":{"a": [1 ]},"none":[],"some":[1,"b"],"qu\"ote\n":0}"#)
  }

  /// Scalars of the first two planes and the end of the last, as a name and as a value, are decoded by both this parser
  /// and Foundation's.
  @Test func scalarsRoundTrip() throws {
    for start in Array(stride(from: UInt32(0), to: 0x20000, by: 0x800)) + [0x10F800] {
      let scalars = (start..<start + 0x800).compactMap(Unicode.Scalar.init)
      guard !scalars.isEmpty else { continue }
      let text = String(String.UnicodeScalarView(scalars))
      var writer = JSONObjectWriter()
      writer.member(text, text)
      let json = writer.finish()
      let member = try #require(JSONValue(parsing: json).object?.members.first)
      #expect(Array(member.name.utf8) == Array(text.utf8), "from \(start)")
      #expect(member.value.secret?.bytes == Array(text.utf8), "from \(start)")
      let foundation = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String]
      #expect(foundation?.first.map { Array($0.value.utf8) } == Array(text.utf8), "from \(start)")
    }
  }

  @Test func randomObjectsRoundTrip() throws {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<500 {
      var writer = JSONObjectWriter()
      var expected: [(String, [UInt8])] = []
      for index in 0..<Int.random(in: 0...20, using: &generator) {
        let value = String(
          decoding: generator.bytes(Int.random(in: 0...40, using: &generator)), as: UTF8.self)
        writer.member("\(index)", secret: SecretBytes(utf8: value))
        expected.append(("\(index)", Array(value.utf8)))
      }
      let members = try #require(JSONValue(parsing: writer.finish()).object).members
      #expect(members.map(\.name) == expected.map(\.0))
      #expect(members.map { $0.value.secret?.bytes } == expected.map(\.1))
    }
  }
}
