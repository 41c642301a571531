import Testing

@testable import LockwiseCore

/// A member is added and removed, and every other byte stays.
@Suite struct JSONObjectTextTests {
  /// A text, and the text with one more member.
  struct Row: Sendable {
    let before: String
    let after: String

    init(_ before: String, _ after: String) { (self.before, self.after) = (before, after) }
  }

  private static func inserting(_ text: String) throws -> String {
    let insertion = try JSONObjectText(SecretBytes(utf8: text)).insertion(of: "store", "it \"is\"")
    var bytes = Array(text.utf8)
    bytes.insert(contentsOf: insertion.bytes, at: insertion.position)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func removing(_ text: String, _ value: String = "it \"is\"") throws -> String? {
    var bytes = Array(text.utf8)
    guard let range = try JSONObjectText(SecretBytes(utf8: text)).removal(of: "store", value) else { return nil }
    bytes.removeSubrange(range)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    Row("", "{\n\t\"store\": \"it \\\"is\\\"\"\n}\n"), Row("\n", "\n{\n\t\"store\": \"it \\\"is\\\"\"\n}\n"),
    Row("{}", "{\n\t\"store\": \"it \\\"is\\\"\"\n}"), Row(" {\n}\n", " {\n\t\"store\": \"it \\\"is\\\"\"\n\n}\n"),
    Row("{\"a\":1}", "{\"store\":\"it \\\"is\\\"\",\"a\":1}"),
    Row("{ \"a\" : 1 }", "{ \"store\": \"it \\\"is\\\"\", \"a\" : 1 }"),
    Row("{\n\t\"a\": {\"b\": {}}\n}\n", "{\n\t\"store\": \"it \\\"is\\\"\",\n\t\"a\": {\"b\": {}}\n}\n"),
    Row("{\r\n  \"a\": []\r\n}", "{\r\n  \"store\": \"it \\\"is\\\"\",\r\n  \"a\": []\r\n}"),
    Row("{\"a\":1,\"a\":2}", "{\"store\":\"it \\\"is\\\"\",\"a\":1,\"a\":2}"),
    Row("{\"é\\u00e9\": \"\\ud83d\"}", "{\"store\":\"it \\\"is\\\"\",\"é\\u00e9\": \"\\ud83d\"}"),
  ])
  func addsAMember(row: Row) throws {
    #expect(try Self.inserting(row.before) == row.after)
    let object = try JSONObject(parsing: SecretBytes(utf8: row.after))
    #expect(object["store"]?.string == "it \"is\"")
    // What is left has the same members.
    let removed = try #require(try Self.removing(row.after))
    let before = row.before.allSatisfy(\.isWhitespace) ? "{}" : row.before
    let members = try [before, removed].map { text in
      try JSONObject(parsing: SecretBytes(utf8: text)).members.map { "\($0.name)=\($0.value.raw.exposedText() ?? "")" }
    }
    #expect(members[0] == members[1])
  }

  @Test(arguments: [
    Row("{\"store\": \"it \\\"is\\\"\"}", "{}"), Row("{ \"store\": \"it \\u0022is\\\"\" }\n", "{}\n"),
    Row("{\"store\": \"it \\\"is\\\"\", \"a\": 1}", "{\"a\": 1}"),
    Row("{\"a\": 1,\n\t\"store\": \"it \\\"is\\\"\"\n}", "{\"a\": 1\n}"),
    Row("{\"a\": 1, \"store\": \"it \\\"is\\\"\", \"b\": 2}", "{\"a\": 1, \"b\": 2}"),
    Row("{\"store\": 1, \"store\": \"it \\\"is\\\"\"}", "{\"store\": 1}"),
  ])
  func removesTheMemberWithTheValue(row: Row) throws {
    #expect(try Self.removing(row.before) == row.after)
    #expect(try Self.removing(row.before, "another") == nil)
  }

  @Test(arguments: [
    "// mine\n{}", "{\"a\": 1, /* mine */ \"b\": 2}", "\u{FEFF}{}", "[]", "null", "{\"a\": 1,}", "{\"a\": 1", "{} {}",
    "{'a': 1}", String(repeating: "{\"a\":", count: 70) + "1" + String(repeating: "}", count: 70),
  ])
  func refusesOtherTexts(text: String) {
    #expect(throws: JSONError.self) { try JSONObjectText(SecretBytes(utf8: text)) }
  }

  @Test func countsNoMembers() throws {
    #expect(try JSONObjectText(SecretBytes(utf8: "{ }\n")).isEmpty)
    #expect(try JSONObjectText(SecretBytes(utf8: "")).isEmpty)
    #expect(try !JSONObjectText(SecretBytes(utf8: "{\"a\":{}}")).isEmpty)
  }
}
