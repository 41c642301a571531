import LockwiseCore
import Testing

@testable import LockwiseTransfer

@Suite struct CSVTableTests {
  @Test func findsColumnsByNameInAnyCase() throws {
    var table = try CSVTable(SecretBytes(utf8: "\u{FEFF}URL, \"x\",UserName\nhttps://a,b,c"))
    #expect(table.columns == ["url", "\"x\"", "username"])
    guard case .row(let row) = try table.next() else {
      Issue.record("no row")
      return
    }
    #expect(row.text("url") == "https://a" && row.text("username") == "c" && row.text("missing") == "")
    #expect(row.field("missing") == nil && row.line == 2)
  }

  @Test func refusesUnequalRecordsByLine() throws {
    var table = try CSVTable(SecretBytes(utf8: "a,b\n\"1\n1\",2\n3\n4,5,6\n7,8"))
    var results: [String] = []
    while let result = try table.next() {
      switch result {
      case .row(let row): results.append("\(row.line)")
      case .unequal(let line, let expected, let found): results.append("\(line): \(found) of \(expected)")
      }
    }
    #expect(results == ["2", "4: 1 of 2", "5: 3 of 2", "6"])
  }

  @Test func refusesRepeatedColumns() {
    #expect(throws: CSVTable.Failure.repeatedColumn("url")) { try CSVTable(SecretBytes(utf8: "url,URL\n")) }
    #expect(throws: CSVTable.Failure.empty) { try CSVTable(SecretBytes(utf8: "\n\n")) }
    #expect(throws: CSVTable.Failure.csv(.unclosedQuote(line: 1))) { try CSVTable(SecretBytes(utf8: "\"a")) }
    // Columns without a name are not found by one.
    #expect(throws: Never.self) { try CSVTable(SecretBytes(utf8: "url,,,password")) }
  }
}
