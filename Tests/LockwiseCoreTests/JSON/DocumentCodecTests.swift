import Testing

@testable import LockwiseCore

/// Documents that one initializer reads and writes.
@Suite struct DocumentCodecTests {
  private struct Inner: StoredDocument, Equatable {
    let number: Int64

    init(number: Int64) { self.number = number }

    init(_ codec: inout DocumentCodec, _ stored: Inner?) throws { number = try codec.required("n", stored?.number) }
  }

  private struct Outer: StoredDocument, Equatable {
    var name = "a\"b"
    var secret: SecretBytes? = SecretBytes(utf8: "s\u{1}")
    var email: String?
    var isOn = true
    var bytes = HexBytes([0, 255])
    var parts: [String]? = ["x", ""]
    var inner: [Inner] = [Inner(number: -1), Inner(number: .max)]

    init() {}

    init(_ codec: inout DocumentCodec, _ stored: Outer?) throws {
      name = try codec.required("name", stored?.name)
      secret = try codec.optional("secret", stored?.secret)
      email = try codec.nullable("email", stored?.email)
      isOn = try codec.required("on", stored?.isOn)
      bytes = try codec.required("bytes", stored?.bytes)
      parts = try codec.optional("parts", stored?.parts)
      inner = codec.list("inner", stored?.inner, limit: 2)
    }
  }

  private struct Tolerant: StoredDocument {
    static let ignoresInvalidMembers = true
    let number: Int?

    init(_ codec: inout DocumentCodec, _ stored: Tolerant?) throws { number = try codec.optional("n", stored?.number) }
  }

  private static let text =
    #"{"name":"a\"b","secret":"s\u0001","email":null,"on":true,"bytes":"00ff","parts":["x",""],"#
    + #""inner":[{"n":-1},{"n":9223372036854775807}]}"#

  @Test func membersAreWrittenInOrderAndReadBack() {
    #expect(Outer().text.exposedText() == Self.text)
    #expect(Outer(text: SecretBytes(utf8: Self.text)) == Outer())
  }

  @Test func absentMembersAreNotWritten() {
    var document = Outer()
    document.secret = nil
    document.parts = nil
    document.inner = []
    document.email = "e"
    #expect(document.text.exposedText() == #"{"name":"a\"b","email":"e","on":true,"bytes":"00ff","inner":[]}"#)
    #expect(Outer(text: document.text) == document)
  }

  @Test(arguments: [
    ("\"name\":", "\"other\":"), ("\"a\\\"b\"", "7"), ("\"s\\u0001\"", "7"), ("\"email\":", "\"x\":"),
    ("null", "false"), ("true", "1"), ("00ff", "0ff"), ("\"\"]", "5]"), ("[\"x\",\"\"]", "{}"),
    ("{\"name\"", "[\"name\""),
  ]) func invalidMembersMakeADocumentInvalid(good: String, bad: String) {
    #expect(Self.text.contains(good))
    #expect(Outer(text: SecretBytes(utf8: Self.text.replacing(good, with: bad))) == nil)
  }

  @Test func aListIsBoundedAndLeavesInvalidElementsOut() {
    let text = Self.text.replacing("[{\"n\":-1}", with: "[{},{\"n\":3},{\"n\":4}")
    #expect(Outer(text: SecretBytes(utf8: text))?.inner == [Inner(number: 3)])
    #expect(Outer(text: SecretBytes(utf8: Self.text.replacing("\"inner\"", with: "\"x\"")))?.inner == [])
  }

  @Test func invalidMembersCanBeIgnored() {
    #expect(Tolerant(text: SecretBytes(utf8: #"{"n":"5"}"#))?.number == .some(nil))
    #expect(Tolerant(text: SecretBytes(utf8: #"{"n":5}"#))?.number == 5)
    #expect(Tolerant(text: SecretBytes(utf8: "[]")) == nil)
  }
}
