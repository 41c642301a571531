import LockwiseCore
import Testing

@testable import LockwisePass

/// The arguments of the command `grep`, and the parsing of grep's output.
@Suite struct GrepArgumentsTests {
  private func parse(_ words: String...) -> GrepArguments? { GrepArguments(words, stopsAtOperand: false) }

  @Test func handsOptionsOn() throws {
    let parsed = try #require(parse("-iE", "--", "^(url|http):"))
    #expect(parsed.allowsOneRun)
    #expect(
      parsed.arguments(["--own"])
        == ["--own", "--ignore-case", "--extended-regexp", "--text", "--", "^(url|http):", "-"])
  }

  @Test(arguments: [
    ["-c", "x"], ["-n", "x"], ["-l", "x"], ["-A2", "x"], ["-2", "x"], ["-m", "1", "x"], ["-q", "x"],
  ])
  func searchesTwiceIfTheOptionsNeedTheInputAlone(line: [String]) throws {
    let parsed = try #require(GrepArguments(line, stopsAtOperand: false))
    #expect(!parsed.allowsOneRun && parsed.allowsPreselection)
    #expect(parsed.arguments([], onlySelection: true) == ["--text", "--", "x", "-"])
    #expect(parsed.arguments([]).count == 5)
  }

  @Test(arguments: [["-L", "x"], ["-z", "x"]]) func searchesEachEntryAlone(line: [String]) throws {
    #expect(try #require(GrepArguments(line, stopsAtOperand: false)).allowsPreselection == false)
  }

  @Test func joinsDigits() throws {
    #expect(try #require(parse("-15", "x")).arguments([]) == ["--context=15", "--text", "--", "x", "-"])
  }

  /// No file of the current folder is searched.
  @Test func dropsWhatReadsOtherFiles() throws {
    #expect(try #require(parse("-r", "--include=*", "x")).arguments([]) == ["--text", "--", "x", "-"])
    #expect(parse("x", "/etc/passwd") == nil)
    #expect(parse("-e", "x", "/etc/passwd") == nil)
    #expect(parse("-f", "-") == nil)
    #expect(parse() == nil)
  }

  @Test func acceptsPatternsAsOptions() throws {
    #expect(try #require(parse("-e", "-x", "-e", "y")).arguments([]).prefix(2) == ["--regexp=-x", "--regexp=y"])
    #expect(try #require(parse("--colour", "x")).arguments([]).first == "--colour")
  }

  @Test func reportsUnknownOptions() throws {
    #expect(try #require(parse("--nonsense", "x")).errors == ["unrecognized option '--nonsense'"])
  }

  @Test func readsLinesWithOffsets() throws {
    let output = SecretBytes(utf8: "3:a:b\n12:\n13:last")
    let lines = try output.withUnsafeBytes { bytes in
      var lines = OffsetLines(bytes)
      var found: [(Int, String)] = []
      while let line = try lines.next() { found.append((line.offset, String(decoding: line.text, as: UTF8.self))) }
      return found
    }
    #expect(lines.map(\.0) == [3, 12, 13])
    #expect(lines.map(\.1) == ["a:b\n", "\n", "last"])
    for text in ["x", ":x", "1x"] {
      #expect(throws: OffsetLines.Malformed.self) {
        try SecretBytes(utf8: text).withUnsafeBytes {
          var lines = OffsetLines($0)
          _ = try lines.next()
        }
      }
    }
  }
}
