import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI

@Suite struct RowEncoderTests {
  private func row(_ cells: String..., json: String = "{}") -> OutputRow {
    OutputRow(cells: cells.map { SecretBytes(utf8: $0) }, json: SecretBytes(utf8: json))
  }

  private func text(
    _ format: OutputFormat, _ pages: [[OutputRow]], columns: [String] = ["a", "b"], width: Int? = nil,
    mayHoldFormulas: Bool = false
  ) -> String {
    var encoder = RowEncoder(format: format, columns: columns, width: width, mayHoldFormulas: mayHoldFormulas)
    var parts = [encoder.begin()]
    for page in pages { parts.append(encoder.rows(page)) }
    parts.append(encoder.end())
    return SecretBytes.concatenating(parts).exposedText() ?? "?"
  }

  /// RFC 4180 section 2: lines end in CRLF, and a field with a comma, a quote or a line end is quoted.
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
    ("a\rb", "\"a\rb\""), ("\"", "\"\"\"\""), (" a ", " a "), ("é\u{1F511}", "é\u{1F511}"), ("a\tb", "\"a\tb\""),
    ("b;c'd", "\"b;c'd\""),
  ]) func quotesCSV(cell: String, quoted: String) {
    #expect(text(.csv, [[row(cell, "z")]]) == "a,b\r\n\(quoted),z\r\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\tb", "a\\tb"), ("a\nb", "a\\nb"), ("a\rb", "a\\rb"), ("a\\tb", "a\\\\tb"), ("\"", "\""),
  ]) func escapesTSV(cell: String, escaped: String) {
    #expect(text(.tsv, [[row(cell, "z")]]) == "a\tb\n\(escaped)\tz\n")
  }

  @Test(
    arguments: [
      "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "=", "-", "-1.5", "--1", "\u{FF1D}1", "\u{FF0B}1",
      "\u{FF0D}1", "\u{FF20}x", "=HYPERLINK(\"https://h.example\",\"a\")", "=1;2",
    ], [OutputFormat.csv, .tsv])
  func startsNoCellWithAFormulaUnlessRaw(cell: String, format: OutputFormat) {
    func unquoted(_ mayHoldFormulas: Bool) -> String {
      let lines = text(format, [[row("z", cell)]], columns: ["a", "b"], mayHoldFormulas: mayHoldFormulas)
      let field = lines.split(whereSeparator: \.isNewline)[1].dropFirst(2)
      return field.hasPrefix("\"")
        ? String(field.dropFirst().dropLast()).replacing("\"\"", with: "\"") : String(field)
    }
    #expect(unquoted(false) == "'" + cell)
    #expect(unquoted(true) == cell)
  }

  @Test(arguments: ["\t=1+1", "\r=1+1", "\n=1+1"])
  func recognisesAFormulaAfterABlank(cell: String) {
    #expect(text(.csv, [[row(cell, "z")]]) == "a,b\r\n\"'\(cell)\",z\r\n")
    #expect(text(.tsv, [[row(cell, "z")]]).hasPrefix("a\tb\n'\\"))
  }

  @Test(arguments: ["-5", "5", "a=1", "1-1", "'=1", " =1", "é=", "{\"a\":1}"])
  func leavesOtherCellsUnchanged(cell: String) {
    let quoted = cell.contains("\"") ? "\"{\"\"a\"\":1}\"" : cell
    #expect(text(.csv, [[row(cell, "z")]]) == "a,b\r\n\(quoted),z\r\n")
    #expect(text(.tsv, [[row(cell, "z")]]) == "a\tb\n\(cell)\tz\n")
  }

  @Test func leavesFormulasInOtherFormats() {
    #expect(text(.table, [[row("=1", "-x")]]) == "A   B\n=1  -x\n")
    #expect(text(.jsonl, [[row("=1", json: "{\"a\":\"=1\"}")]]) == "{\"a\":\"=1\"}\n")
  }

  @Test func writesCSVThatReadsBackTheSame() throws {
    var random = TestSeed.generator()
    let letters = Array("ab,\"\n\r \t;")
    for _ in 0..<300 {
      let cells = (0..<3).map { _ in
        String((0..<Int.random(in: 0...6, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
      }
      let row = OutputRow(cells: cells.map { SecretBytes(utf8: $0) }, json: SecretBytes(utf8: ""))
      let output = text(.csv, [[row]], mayHoldFormulas: true)
      #expect(try Self.parseCSV(output).last.map { $0.map { Array($0.utf8) } } == cells.map { Array($0.utf8) })
    }
  }

  /// RFC 4180 section 2, read strictly.
  private static func parseCSV(_ text: String) throws -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if isQuoted {
        if scalar == "\"", index + 1 < scalars.count, scalars[index + 1] == "\"" {
          field.unicodeScalars.append("\"")
          index += 1
        } else if scalar == "\"" {
          isQuoted = false
        } else {
          field.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        try #require(field.isEmpty)
        isQuoted = true
      } else if scalar == "," || scalar == "\r" {
        record.append(field)
        field = ""
        if scalar == "\r" {
          try #require(index + 1 < scalars.count && scalars[index + 1] == "\n")
          index += 1
          records.append(record)
          record = []
        }
      } else {
        try #require(scalar != "\n")
        field.unicodeScalars.append(scalar)
      }
      index += 1
    }
    try #require(record.isEmpty && field.isEmpty && !isQuoted)
    return records
  }

  @Test func writesOneJSONArrayForAllPages() throws {
    let pages = [[row(json: "{\"n\":1}"), row(json: "{\"n\":2}")], [], [row(json: "{\"n\":3}")]]
    #expect(text(.json, pages) == "[\n{\"n\":1},\n{\"n\":2},\n{\"n\":3}\n]\n")
    #expect(text(.json, []) == "[]\n")
    #expect(text(.json, [[], []]) == "[]\n")
  }

  @Test func writesEachJSONRecordOnOneLine() {
    #expect(text(.jsonl, [[row(json: "{\n \"n\":\r\n1}")], [row(json: "2")]]) == "{  \"n\":  1}\n2\n")
    #expect(text(.jsonl, []) == "")
  }

  @Test func alignsTables() {
    let rows = [row("long value", "1"), row("é", "\u{1B}[31m\n\u{202E}x")]
    #expect(text(.table, [rows]) == "A           B\nlong value  1\né           ?[31m??x\n")
    #expect(text(.table, [rows], width: 8) == "A      …\nlong va…\né      …\n")
    #expect(text(.table, [[row("x", "y")]], width: 4) == "A  B\nx  y\n")
    #expect(text(.table, [[], [row("x", "y")]]) == "A  B\nx  y\n")
  }

  @Test func writesRowsOfValuesInBothForms() {
    let row = OutputRow([("name", "a\"b", nil), ("count", "5", "5"), ("none", "", "null")])
    #expect(row.json.exposedText() == "{\"name\":\"a\\\"b\",\"count\":5,\"none\":null}")
    #expect(row.cells.map { $0.exposedText() } == ["a\"b", "5", ""])
  }
}
