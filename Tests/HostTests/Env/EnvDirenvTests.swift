import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The library for direnv, used by the machine's direnv.
@Suite(.enabled(if: (try? Executables.ofSystem("direnv")) != nil, "needs direnv"))
final class EnvDirenvTests {
  private let home: EnvHome
  private let file: String

  convenience init() throws { try self.init(passphrase: nil) }

  private init(passphrase: String?) throws {
    home = try EnvHome(
      [
        EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226"),
        EnvHome.Login(origin: "https://b.example", username: "bob", password: "it's\n$1"),
      ], passphrase: passphrase)
    let library = home.scratch.root + "/home/.config/direnv/lib"
    try FileManager.default.createDirectory(atPath: library, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("contrib/direnv/lockwise.sh").path, toPath: library + "/lockwise.sh")
    file = try home.write("A=lockwise://a.example/alice\n", to: ".env.lockwise")
  }

  private func write(_ text: String) throws {
    try home.write(text, to: ".envrc")
    try direnv("allow", home.scratch.root).expectSuccess()
  }

  @discardableResult
  private func direnv(_ arguments: String...) throws -> Run {
    try Run.program(Executables.ofSystem("direnv"), arguments, environment: home.environment)
  }

  /// Runs lines in bash, in the folder, with direnv's hook called before each line, as before each prompt.
  private func session(_ lines: [String], with variables: [String: String] = [:]) throws -> Run {
    let text = (["cd \(home.scratch.root)"] + lines).map { $0 + "\n_direnv_hook" }.joined(separator: "\n")
    return try Run.program(
      Executables.ofSystem("bash"), ["-c", "eval \"$(direnv hook bash)\"\n" + text],
      environment: home.environment.merging(variables) { $1 })
  }

  private static let print = #"echo "${A-unset},${B-unset},${C-unset}""#

  @Test func loadsReloadsAndUnloads() throws {
    try write("use lockwise\nexport C=own\n")
    let change = "printf 'B=lockwise://b.example/bob\\n' >.env.lockwise; touch -d 2001-01-01 .env.lockwise"
    let run = try session([Self.print, change, Self.print, "cd /", Self.print]).expectSuccess()
    #expect(run.output == "radium 226,unset,own\nunset,it's\n$1,own\nunset,unset,unset\n", "\(run.error)")
    #expect(!run.error.contains("radium"), "\(run.error)")
  }

  @Test func acceptsFilesAndVariables() throws {
    try home.write("A=file\nB=file\n", to: "one")
    try home.write("B=two\n", to: "two")
    try write("use lockwise one two C=lockwise://a.example/alice\n")
    #expect(try session([Self.print]).output == "file,two,radium 226\n")
    try write("use lockwise C=lockwise://b.example/bob\n")
    #expect(try session([Self.print]).output == "unset,unset,it's\n$1\n")
  }

  /// A variable may have any name.
  @Test func setsVariablesWithUsualNames() throws {
    let names = [
      "lines", "status", "argument", "arguments", "files", "i", "no_prompt", "timeout", "line", "cmd", "ask",
    ]
    try home.write(names.map { "\($0)=\($0)\n" }.joined(), to: ".env.lockwise")
    try write("use lockwise\n")
    let run = try session(["env"])
    #expect(names.filter { !run.lines.contains("\($0)=\($0)") } == [], "\(run.error)")
  }

  /// direnv goes on after a line that fails, unless it says otherwise.
  @Test(arguments: [("use lockwise", "unset,unset,own\n"), ("use lockwise || exit", "unset,unset,unset\n")])
  func setsNothingIfOneIsMissing(line: String, expected: String) throws {
    try home.write("A=lockwise://a.example/alice\nB=lockwise://gone.example\n", to: ".env.lockwise")
    try write("\(line)\nexport C=own\n")
    let run = try session([Self.print])
    #expect(run.output == expected, "\(run.error)")
    #expect(run.error.contains("gone.example") && run.error.contains("nothing was set"), "\(run.error)")
    #expect(!run.error.contains("radium"))
  }

  /// A file that appears later is noticed.
  @Test func watchesAMissingFile() throws {
    unlink(file)
    try write("use lockwise\n")
    let run = try session([Self.print, "printf 'A=lockwise://a.example\\n' >.env.lockwise", Self.print])
    #expect(run.output == "unset,unset,unset\nradium 226,unset,unset\n", "\(run.error)")
    #expect(run.error.contains(".env.lockwise"), "\(run.error)")
  }

  /// At a terminal, the passphrase is asked for only if `.envrc` says so.
  @Test(arguments: [("use lockwise", false), ("use lockwise --ask", true)])
  func asksForThePassphraseOnlyIfTold(line: String, asks: Bool) throws {
    let locked = try EnvDirenvTests(passphrase: "polonium 84")
    try locked.write("\(line)\n")
    let begin = ContinuousClock.now
    let terminal = try PseudoTerminal(
      Executables.ofSystem("direnv"), ["exec", locked.home.scratch.root, "sh", "-c", "echo \"got ${A-unset}\""],
      environment: locked.home.environment)
    if asks {
      try terminal.expect("passphrase")
      terminal.enter("polonium 84")
    }
    let outcome = try terminal.finish()
    #expect(outcome.shown.contains(asks ? "got radium 226" : "got unset"), "\(outcome.shown)")
    #expect(asks || outcome.shown.contains("nothing was set"), "\(outcome.shown)")
    #expect(asks || (ContinuousClock.now - begin) / .seconds(1) < 4)
  }

  @Test(arguments: ["use lockwise --unknown", "use lockwise -f x"])
  func refusesOtherOptions(line: String) throws {
    try write(line + "\n")
    let run = try session([Self.print])
    #expect(run.output == "unset,unset,unset\n")
    #expect(run.error.contains("unknown option"), "\(run.error)")
  }

  @Test func reportsThatTheProgramIsMissing() throws {
    try write("PATH=/usr/bin:/bin\nuse lockwise\n")
    let run = try session([Self.print])
    #expect(run.output == "unset,unset,unset\n")
    #expect(run.error.contains("cannot find lockwise-env"), "\(run.error)")
  }
}
