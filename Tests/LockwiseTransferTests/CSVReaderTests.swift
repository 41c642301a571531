import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseTransfer

@Suite struct CSVReaderTests {
  private func read(_ text: [UInt8]) throws(CSVError) -> [(line: Int, fields: [String])] {
    var reader = try CSVReader(SecretBytes(copying: text))
    var records: [(line: Int, fields: [String])] = []
    while let record = try reader.next() {
      records.append((record.line, record.fields.map { $0.value.exposedText() ?? "?" }))
    }
    return records
  }

  static let tables: [String: [[String]]] = [
    "": [], "\n\r\n\r": [], "a": [["a"]], "a\n": [["a"]], "a,b\r\nc,d": [["a", "b"], ["c", "d"]],
    "\u{FEFF}a,b": [["a", "b"]], "a,": [["a", ""]], ",": [["", ""]], "\"\"": [[""]], "\"\",\"\"": [["", ""]],
    "\"a\"\"b\",c": [["a\"b", "c"]], "\"\"\"\"": [["\""]], "\"a,b\"": [["a,b"]],
    "\"a\nb\r\nc\",d\ne": [["a\nb\r\nc", "d"], ["e"]],
    "a\rb": [["a"], ["b"]], "a\n\nb": [["a"], ["b"]], "a\"b,\"c\"": [["a\"b", "c"]], " \"a\"": [[" \"a\""]],
    "=1+1,-2,@x": [["=1+1", "-2", "@x"]], "é,✓": [["é", "✓"]], "a\u{0},b": [["a\u{0}", "b"]],
  ]

  @Test(arguments: tables) func readsRecords(text: String, expected: [[String]]) throws {
    #expect(try read(Array(text.utf8)).map(\.fields) == expected)
  }

  static let failures: [String: CSVError] = [
    "a\n\"b": .unclosedQuote(line: 2), "\"a\n\n": .unclosedQuote(line: 1), "\"": .unclosedQuote(line: 1),
    "a\n\"b\nc\"d": .textAfterQuote(line: 3), "\"a\" ": .textAfterQuote(line: 1),
  ]

  @Test(arguments: failures) func refusesOtherTexts(text: String, expected: CSVError) {
    #expect(throws: expected) { try read(Array(text.utf8)) }
  }

  @Test func namesTheLineThatIsNotUTF8() {
    #expect(throws: CSVError.notUTF8(line: 3)) { try read(Array("a\r\nb\n".utf8) + [0xFF] + Array("\nc".utf8)) }
    // UTF-16 with its mark.
    #expect(throws: CSVError.notUTF8(line: 1)) { try read([0xFF, 0xFE, 0x61, 0]) }
  }

  /// A line is one of the file, not a record.
  @Test func countsLinesOfTheFile() throws {
    let lines = try read(Array("a\r\n\r\n\"b\nb\r\nb\rb\",x\nc\rd\n\ne".utf8)).map(\.line)
    #expect(lines == [1, 3, 7, 8, 10])
  }

  @Test func tellsQuotedFieldsFromOthers() throws {
    var reader = try CSVReader(SecretBytes(utf8: "\"\",,\"a\",a"))
    #expect(try reader.next()?.fields.map(\.isQuoted) == [true, false, true, false])
  }

  @Test func readsWhatTheWriterWrites() throws {
    var random = SeededGenerator(seed: 17)
    let letters = Array("a\",\r\n= é✓")
    for _ in 0..<500 {
      let values: [String?] = (0..<Int.random(in: 2...5, using: &random)).map { _ in
        guard Bool.random(using: &random) else { return nil }
        return String(
          (0..<Int.random(in: 0...6, using: &random)).map { _ in
            letters[Int.random(in: 0..<letters.count, using: &random)]
          })
      }
      let line = CSVWriter.line(values.map { $0.map { SecretBytes(utf8: $0) } })
      var reader = try CSVReader(line)
      let fields = try #require(try reader.next()?.fields)
      #expect(fields.map { $0.isQuoted ? $0.value.exposedText() : nil } == values)
      #expect(try reader.next() == nil)
    }
  }
}
