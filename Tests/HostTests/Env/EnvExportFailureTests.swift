import Foundation
import Testing

@testable import LockwiseHostSupport

/// A failed `export` prints what makes a shell fail, and nothing else.
@Suite struct EnvExportFailureTests {
  private static let outputs = [
    "sh": "false\n", "fish": "false\n", "elvish": "fail lockwise-env\n", "json": "", "null": "", "github": "",
    "docker": "",
    "dotenv": "",
  ]

  private func check(
    _ home: EnvHome, _ arguments: [String], _ status: Int32, with variables: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for (format, output) in Self.outputs {
      let run = try home.env(["export", "--format", format] + arguments, with: variables)
      #expect(run.status == status, "\(format): \(run.error)", sourceLocation: sourceLocation)
      #expect(run.output == output, "\(format)", sourceLocation: sourceLocation)
      #expect(run.errorLines.contains { $0.hasPrefix("lockwise-env: error: ") }, sourceLocation: sourceLocation)
      #expect(!run.error.contains("secret"), sourceLocation: sourceLocation)
      run.expectWellFormedErrors(by: "lockwise-env", sourceLocation: sourceLocation)
    }
    let run = try home.env(["export"] + arguments, with: variables)
    #expect(run.status == status && run.output == "false\n", sourceLocation: sourceLocation)
  }

  private func home() throws -> EnvHome { try EnvHome([.init(username: "alice", password: "secret")]) }

  @Test func failsForAMissingLogin() throws {
    try check(home(), ["A=lockwise://example.com/alice", "B=lockwise://example.com/bob"], 1)
  }

  @Test func failsForAWrongCommandLine() throws {
    for arguments in [["--wrong"], ["-f"], ["A"], ["A=lockwise://"], ["--unset=x"]] { try check(home(), arguments, 64) }
    let run = try home().env("export", "--format", "ksh", "A=b")
    #expect(run.status == 64 && run.output == "false\n")
  }

  /// A shell that evaluates the output of a mistyped command fails too.
  @Test(arguments: ["expor A=b", "--format fish export A=b", "export --unknown", "hook ksh", "hook", ""])
  func failsForAMistypedCommand(arguments: String) throws {
    let home = try home()
    let run = try home.shell("lockwise-env \(arguments)")
    #expect(run.status == 64 && run.output == "false\n", "\(run.error)")
    for shell in EnvExportShellTests.shells {
      let line =
        switch shell.format {
        case "fish": "lockwise-env \(arguments) | source; or exit 9"
        case "elvish": "try { eval (lockwise-env \(arguments) | slurp) } catch e { exit 9 }"
        default: "eval \"$(lockwise-env \(arguments))\" || exit 9"
        }
      let run = try home.program(Executables.ofSystem(shell.program), shell.options + ["-c", line])
      #expect(run.status == 9, "\(shell.testDescription): \(run.error)")
    }
  }

  /// A command whose output nobody evaluates prints nothing.
  @Test(arguments: [["read", "--wrong"], ["inject", "--wrong"], ["check"], ["ref", "a", "b", "c"], ["run"]])
  func printsNothingForOtherCommands(arguments: [String]) throws {
    let run = try home().env(arguments)
    #expect(run.output.isEmpty && run.status == (arguments == ["run"] ? 125 : 64), "\(run.error)")
  }

  @Test func failsForAMissingFile() throws { try check(home(), ["-f", "/nowhere/refs"], 1) }

  @Test func failsForALockedVault() throws {
    let home = try home()
    try home.loseKey()
    try check(home, ["A=lockwise://example.com/alice"], 3, with: ["LOCKWISE_NO_PROMPT": "1"])
    let run = try home.env("export", "A=lockwise://example.com/alice", with: ["LOCKWISE_NO_PROMPT": "1"])
    #expect(run.errorLines.count == 1, "\(run.error)")
    // Nothing to resolve: the vault is not opened.
    #expect(try home.env("export", "A=b").expectSuccess().output == "export A='b'\n")
  }

  @Test func failsForADamagedVault() throws {
    let home = try home()
    let file = home.scratch.vaultFile
    try? FileManager.default.removeItem(atPath: file + "-wal")
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    for index in bytes.indices where index > 4096 && index % 7 == 0 { bytes[index] ^= 0x55 }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    try check(home, ["A=lockwise://example.com/alice"], 7)
  }

  @Test func failsWithoutAVault() throws {
    let home = try home()
    try check(home, ["A=lockwise://example.com/alice"], 2, with: ["LOCKWISE_HOME": home.path("none")])
    try check(home, ["A=b"], 64, with: ["LOCKWISE_HOME": "relative"])
  }

  @Test func refusesAValueThatIsTooLongByName() throws {
    let home = try EnvHome([.init(username: "alice", password: String(repeating: "x", count: 131_070))])
    for format in ["sh", "fish", "elvish"] {
      let run = try home.env("export", "--format", format, "A=1", "LONG=lockwise://example.com/alice")
      #expect(run.status == 1 && run.output == Self.outputs[format])
      #expect(run.error.contains("cannot export LONG: "), "\(run.error)")
    }
    // One byte less in all.
    #expect(try home.env("export", "L=lockwise://example.com/alice").status == 1)
    let file = try home.write("L=" + String(repeating: "x", count: 131_069) + "\n", to: "refs")
    let script = "eval \"$(lockwise-env export -f \(file))\" && exec cat /proc/self/environ"
    let run = try home.program("/bin/bash", ["-c", script]).expectSuccess()
    #expect(EnvExportShellTests.variables(run.outputBytes)["L"]?.count == 131_069)
  }
}
