import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct ExportFormatTests {
  /// Random bytes that are all the same.
  private struct Fixed: RandomSource {
    func fill(_ buffer: UnsafeMutableRawBufferPointer) { buffer.initializeMemory(as: UInt8.self, repeating: 0xA5) }
  }

  private func value(_ name: String, _ text: String) -> ResolvedValue { value(name, SecretBytes(utf8: text)) }

  private func value(_ name: String, _ bytes: SecretBytes) -> ResolvedValue {
    ResolvedValue(name: name, bytes: bytes, secrets: [], isReference: true)
  }

  private func text(_ format: ExportFormat, _ values: ResolvedValue...) throws -> String? {
    try format.text(values, random: Fixed()).exposedText()
  }

  @Test(arguments: [
    (ExportFormat.sh, "export A='it'\\''s $x\\\n'\nexport B=''\n"),
    (.fish, "set -gx A 'it\\'s $x\\\\\n'\nset -gx B ''\n"), (.elvish, "set-env A 'it''s $x\\\n'\nset-env B ''\n"),
    (.json, "{\"A\":\"it's $x\\\\\\n\",\"B\":\"\"}\n"), (.null, "A=it's $x\\\n\0B=\0"),
    (
      .github,
      "A<<ghadelimiter_a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\nit's $x\\\n\nghadelimiter_a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n"
        + "B<<ghadelimiter_a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n\nghadelimiter_a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n"
    ),
  ])
  func writesVariables(format: ExportFormat, expected: String) throws {
    #expect(try text(format, value("A", "it's $x\\\n"), value("B", "")) == expected)
    #expect(try text(format) == (format == .json ? "{}\n" : ""))
  }

  @Test func writesLinesForDockerAndDotenv() throws {
    #expect(try text(.docker, value("A", "it's \"$x\" # y\\"), value("B", "")) == "A=it's \"$x\" # y\\\nB=\n")
    #expect(try text(.dotenv, value("A", "a-b_c.d/e:f@g%h+i,j"), value("B", "")) == "A=a-b_c.d/e:f@g%h+i,j\nB=''\n")
    #expect(try text(.dotenv, value("A", "a $x # \"b\" `c`\n")) == "A='a $x # \"b\" `c`\n'\n")
  }

  @Test(arguments: [
    (ExportFormat.docker, "a\nb", ExportError.Fault.lineBreak), (.docker, "a\r", .lineBreak),
    (.dotenv, "it's", .ambiguous), (.dotenv, "a\\b", .ambiguous), (.dotenv, "a\rb", .ambiguous),
    (.dotenv, "${a", .ambiguous),
    (.sh, "\0", .containsNUL), (.fish, "\0", .containsNUL), (.elvish, "\0", .containsNUL), (.null, "\0", .containsNUL),
    (.github, "\0", .containsNUL), (.docker, "\0", .containsNUL), (.dotenv, "\0", .containsNUL),
  ])
  func refusesWhatItCannotExpress(format: ExportFormat, secret: String, fault: ExportError.Fault) {
    let error = #expect(throws: ExportError.self) { _ = try text(format, value("A", "x"), value("B", secret)) }
    #expect(error == ExportError(refusals: [.init(name: "B", fault: fault)]))
    #expect(error?.failures.first?.message.contains("B: ") == true)
  }

  @Test(arguments: [ExportFormat.elvish, .json, .github, .docker, .dotenv])
  func refusesBytesThatAreNotText(format: ExportFormat) {
    let error = #expect(throws: ExportError.self) { _ = try text(format, value("A", SecretBytes(copying: [0xFF]))) }
    #expect(error == ExportError(refusals: [.init(name: "A", fault: .notUTF8)]))
  }

  @Test func passesBytesThatAreNotTextToShells() throws {
    #expect(
      try ExportFormat.sh.text([value("A", SecretBytes(copying: [0xFF]))], random: Fixed())
        == SecretBytes(copying: Array("export A='".utf8) + [0xFF] + Array("'\n".utf8)))
  }

  @Test(arguments: ExportFormat.allCases)
  func limitsTheLengthForShells(format: ExportFormat) throws {
    let longest = value("AB", String(repeating: "x", count: 131_068))
    let longer = value("AB", String(repeating: "x", count: 131_069))
    #expect(try text(format, longest) != nil)
    guard format.isShell else {
      #expect(try text(format, longer) != nil)
      return
    }
    #expect(throws: ExportError(refusals: [.init(name: "AB", fault: .tooLong)])) { _ = try text(format, longer) }
    #expect(throws: UserFacingError.self) { try longer.checkFitsEnvironment() }
    #expect(throws: Never.self) { try longest.checkFitsEnvironment() }
  }

  @Test func usesADelimiterThatIsNoLine() throws {
    /// Random bytes that count.
    final class Counting: RandomSource, @unchecked Sendable {
      private var next: UInt8 = 0
      func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        buffer.initializeMemory(as: UInt8.self, repeating: next)
        next += 1
      }
    }
    let first = "ghadelimiter_" + String(repeating: "00", count: 16)
    let second = "ghadelimiter_" + String(repeating: "01", count: 16)
    let output = try ExportFormat.github.text([value("A", "x\n\(first)")], random: Counting()).exposedText()
    #expect(output == "A<<\(second)\nx\n\(first)\n\(second)\n")
  }

  @Test func unsetsOnlyInShells() {
    #expect(ExportFormat.sh.unsetting("A") == "unset -v A\n" && ExportFormat.fish.unsetting("A") == "set -eg A\n")
    #expect(ExportFormat.elvish.unsetting("A") == "unset-env A\n")
    for format in ExportFormat.allCases { #expect((format.unsetting("A") != nil) == format.isShell) }
    for format in ExportFormat.allCases { #expect((format.failureText != nil) == format.isShell) }
  }

  @Test(arguments: [
    ([], "false\n"), (["--format", "fish", "--wrong"], "false\n"),
    (["--wrong", "--format=elvish"], "fail lockwise-env\n"),
    (["--format", "json"], nil), (["--format", "ksh"], "false\n"), (["--format"], "false\n"),
    (["--format=json", "--format=sh"], "false\n"),
  ])
  func failsInTheFormatThatIsKnown(arguments: [String], expected: String?) {
    #expect(ExportCommand.failureText(arguments.map { Array($0.utf8) }) == expected)
  }
}
