import Testing

@testable import LockwiseHostSupport

/// What programs show, in the notation of transcripts.
@Suite struct TranscriptTextTests {
  private func lines(_ output: String, _ error: String = "", _ ending: Ending = .exited(0)) -> [String] {
    TranscriptText.lines(of: Run(ending: ending, outputBytes: Array(output.utf8), errorBytes: Array(error.utf8)))
  }

  @Test(
    arguments: [
      ("", []), ("a\n", ["a"]), ("a\nb\n", ["a", "b"]), ("a\n\nb\n", ["a", "", "b"]), ("a\n\n", ["a", "\\"]),
      ("\n", ["\\"]), ("a", ["a", "\\ no line feed at the end"]), ("$ a\n", ["\\$ a"]), ("$a\n", ["$a"]),
      ("#\n", ["\\#"]), ("\\a\n", ["\\\\a"]), ("a \n", ["a \\"]), ("a\\\n", ["a\\\\"]), ("? 0\n", ["\\? 0"]),
      ("< a\n", ["\\< a"]), ("a\r\nb\u{7}\u{1B}[0m\n", ["a\\xD", "b\\x7\\x1B[0m"]), ("\tä\n", ["\tä"]),
    ] as [(String, [String])])
  func output(text: String, expected: [String]) { #expect(lines(text) == expected) }

  @Test func errorsAndTheExitStatusFollowTheOutput() {
    #expect(lines("a\n", "b\n\nc \n", .exited(3)) == ["a", "! b", "!", "! c \\", "? 3"])
    #expect(lines("", "", .killed(signal: 15)) == ["? signal 15"])
  }

  /// A line that was printed is never read as a line of the format.
  @Test(arguments: ["$ x", "% x", "+ x", "# x", "! x", "? 3", "< x", "@ x", "#", "", " ", "\\", "x \\", "...x"])
  func printedLinesAreReadAsOutput(line: String) throws {
    let shown = lines(line + "\n")
    let transcript = try Transcript("$ x\n" + shown.map { $0 + "\n" }.joined())
    #expect(transcript.steps.count == 1 && transcript.steps.first?.expected == shown, "\(shown)")
  }
}
