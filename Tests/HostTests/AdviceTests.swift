import Foundation
import Testing

@testable import LockwiseHostSupport

/// Common mistakes, and the hints for them.
@Suite final class AdviceTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  private func mode(_ path: String) -> mode_t {
    var info = stat()
    return stat(path, &info) == 0 ? info.st_mode & 0o777 : 0
  }

  @Test func createsTheFoldersOfAKeyFile() throws {
    let file = stage.scratch.root + "/keys/of mine/lockwise"
    try stage.login("--key-file", file).expectSuccess()
    #expect(mode(stage.scratch.root + "/keys") == 0o700)
    #expect(mode(stage.scratch.root + "/keys/of mine") == 0o700)
    #expect(mode(file) == 0o600)
    try stage.sync("pull").expectSuccess()
  }

  @Test func explainsHowToReplaceALostKeyFile() throws {
    try stage.signInAndPull()
    try stage.sync("lock").expectSuccess()
    unlink(stage.scratch.keyFile)
    for command in ["pull", "unlock", "logout"] {
      try stage.sync(command).expectRefusal(3, "key file \(stage.scratch.keyFile)", "lockwise-sync logout --force")
    }
    let doctor = try stage.sync("doctor", "--offline")
    #expect(doctor.output.contains("lockwise-sync logout --force"), "\(doctor.output)")
    try stage.sync("logout", "--force").expectSuccess()
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func distinguishesAReadableKeyFileFromALostOne() throws {
    try stage.signInAndPull()
    try stage.sync("lock").expectSuccess()
    chmod(stage.scratch.keyFile, 0o644)
    let run = try stage.sync("pull")
    #expect(run.status == 3 && !run.error.contains("logout --force"), "\(run.error)")
  }

  @Test func suggestsTheBrowserWithoutFirefox() throws {
    let run = try stage.sync("login", "--from-firefox", "--key-file", stage.scratch.keyFile)
    run.expectRefusal(
      1, "cannot find a Firefox profile",
      "hint: name the profile's directory, or sign in with a browser: lockwise-sync login --browser")
  }

  @Test func suggestsTheSignIn() throws {
    for command in ["pull", "status", "unlock", "lock", "devices", "logout"] {
      let run = try stage.sync(command)
      run.expectRefusal(2, "there is no vault")
      let hint = try #require(run.errorLines.first { $0.contains("hint: ") })
      let places = ["--from-firefox", "--browser", "password"].map { hint.firstRange(of: $0)?.lowerBound }
      #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(hint)")
    }
  }

  @Test(
    arguments: [
      ("pul", "pull"), ("statsu", "status"), ("stat", "status"), ("logut", "logout"), ("unlok", "unlock"),
      ("LOGIN", "login"),
      ("doctro", "doctor"), ("wip", "wipe"), ("delete-colection", "delete-collection"), ("sync", nil), ("xyzzy", nil),
      ("", nil),
    ] as [(String, String?)])
  func suggestsTheNearestCommand(typed: String, meant: String?) throws {
    let run = try stage.sync(typed)
    run.expectRefusal(64, "error: unknown command \(typed)", "hint: see lockwise-sync --help")
    #expect(run.error.contains("did you mean: lockwise-sync \(meant ?? "")\n") == (meant != nil), "\(run.error)")
  }

  @Test func reportsAnUnknownOption() throws {
    let run = try stage.sync("pull", "--quite")
    run.expectRefusal(
      64, "error: unknown option '--quite'", "hint: did you mean '--quiet'", "hint: see lockwise-sync --help")
  }

  /// git must not notice an operation that a helper does not support (git-credential(1)), but the user should.
  @Test func reportsAnUnknownOperationOnlyAtATerminal() throws {
    let program = try Executables.path("git-credential-lockwise")
    let terminal = try PseudoTerminal(program, ["configur"], environment: stage.scratch.environment)
    let outcome = try terminal.finish()
    #expect(outcome.status == 64)
    #expect(outcome.shown.contains("git-credential-lockwise: error: unknown operation configur"), "\(outcome.shown)")
    #expect(outcome.shown.contains("hint: did you mean: git-credential-lockwise configure"), "\(outcome.shown)")
    let run = try Run.program(
      program, ["configur"], input: .text("protocol=https\n\n"), environment: stage.scratch.environment)
    #expect(run.ending == .exited(0) && run.output.isEmpty && run.error.isEmpty)
  }

  @Test func reportsErrorsOfTheSandbox() throws {
    let program = try Executables.path("lockwise-sandbox")
    for (arguments, error, hint) in [
      (["--prot", "1"], "unknown option '--prot'", "did you mean '--port'"),
      (["serve"], "unexpected argument 'serve'", "see"),
      (["--generate", "5"], "--generate needs --fixture or --account", "see lockwise-sandbox --help"),
    ] {
      let run = try Run.program(program, arguments, environment: stage.scratch.environment)
      run.expectRefusal(64, "error: \(error)", "hint: \(hint)", by: "lockwise-sandbox")
    }
    let run = try Run.program(program, ["--fixture", "/nowhere"], environment: stage.scratch.environment)
    run.expectRefusal(1, "error: cannot read /nowhere", by: "lockwise-sandbox")
  }

  /// systemd.service(5): a timer's run without a network is not a failure.
  @Test func succeedsOfflineInTheTimersService() throws {
    try stage.signInAndPull()
    stage.sandbox.kill()
    let status = try stage.sync("pull", "--quiet").status
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let unit = try String(contentsOf: root.appending(path: "contrib/systemd/lockwise-pull.service"), encoding: .utf8)
    let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("SuccessExitStatus=") })
    let accepted = line.dropFirst("SuccessExitStatus=".count).split(separator: " ").compactMap { Int32($0) }
    #expect(status.map { accepted.contains($0) } == true, "\(String(describing: status)) is not in \(line)")
    #expect(accepted.contains(3) && accepted.contains(8))
  }
}
