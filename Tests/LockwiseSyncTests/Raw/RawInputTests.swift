import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct RawInputTests {
  private func read(_ text: String, id: String? = nil) throws -> [RawRecord] {
    try RawInput.records(SecretBytes(utf8: text), id: id)
  }

  @Test(arguments: [
    ("{\"id\":\"a\"}", ["a"]), (" \n{\"id\":\n\"a\"}\n", ["a"]), ("[{\"id\":\"a\"},{\"id\":\"b\"}]", ["a", "b"]),
    ("{\"id\":\"a\"}\n{\"id\":\"b\"}", ["a", "b"]), ("{\"id\":\"a\"}\r\n\n \t\n{\"id\":\"b\"}\n", ["a", "b"]),
    ("{}", [nil]), ("{}\n{}\n", [nil, nil]),
  ]) func acceptsOneRecordOrMany(text: String, ids: [String?]) throws {
    #expect(try read(text).map(\.id) == ids)
  }

  @Test(arguments: [
    ("", RawInputError.empty), (" \n", .empty), ("[]", .empty), ("nonsense", .notJSON(byte: 0)),
    ("{\"a\":}", .notJSON(byte: 5)),
    ("{\"a\":\n1,}\n", .notJSON(byte: 8)), ("{}\n{]\n", .notJSONLine(2)), ("1", .notAnObject(.whole)),
    ("[{},1]", .notAnObject(.record(2))), ("{}\n\n[]", .notAnObject(.line(3))), ("{\"id\":1}", .badID(.whole)),
    ("{\"id\":\"\"}", .badID(.whole)), ("[{\"id\":\"a,b\"}]", .badID(.record(1))), ("{\"id\":null}", .badID(.whole)),
    ("[{\"id\":\"a\"},{\"id\":\"a\"}]", .repeatedID(.record(2))),
  ]) func refuses(text: String, error: RawInputError) {
    #expect(throws: error) { try read(text) }
  }

  @Test func acceptsAnIDFromTheArguments() throws {
    #expect(try read("{\"x\":1}", id: "a").first?.json(withID: true).exposedText() == "{\"id\":\"a\",\"x\":1}")
    #expect(try read("{\"x\":1,\"id\":\"a\"}", id: "a").first?.id == "a")
    #expect(throws: RawInputError.otherID(.whole)) { try read("{\"id\":\"b\"}", id: "a") }
    #expect(throws: RawInputError.severalForOneID) { try read("{}\n{}", id: "a") }
  }

  @Test func keepsEveryOtherByte() throws {
    let text = "{ \"z\" : 1.50e1, \"id\":\"a\",\"u\":\"\\u00e9\", \"z\":[ ] }"
    let record = try #require(try read(text).first)
    #expect(record.json(withID: true).exposedText() == text)
    #expect(record.json(withID: false).exposedText() == "{\"z\":1.50e1,\"u\":\"\\u00e9\",\"z\":[ ]}")
  }
}
