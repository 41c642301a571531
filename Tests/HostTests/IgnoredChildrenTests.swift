import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Programs that were started with SIGCHLD ignored, as after `trap '' CHLD` in some shells. The kernel then discards the
/// status of their children (wait(2)) unless they give the signal its default action.
@Suite struct IgnoredChildrenTests {
  private static let request = "protocol=https\nhost=github.com\n"

  private func run(
    _ program: String, _ arguments: [String], input: Input = .none, environment: [String: String]
  ) throws -> Run {
    try Run.program(
      Executables.ofSystem("env"), ["--ignore-signal=CHLD", program] + arguments, input: input,
      environment: environment)
  }

  private func run(_ program: String, _ arguments: String..., input: Input = .none, in stage: TestHome) throws -> Run {
    try run(Executables.path(program), arguments, input: input, environment: stage.scratch.environment)
  }

  @Test func unlockByACommand() throws {
    let stage = try TestHome()
    try stage.login("--passphrase-command", "printf 'radium 88'").expectSuccess()
    try stage.sync("pull").expectSuccess()
    // The command runs each time.
    try stage.sync("lock").expectSuccess()
    stage.scratch.environment["LOCKWISE_UNLOCK_TIME"] = "0"
    let password = "ghp_webAndGit0123456789"
    let get = try run("git-credential-lockwise", "get", input: .text(Self.request), in: stage)
    #expect(get.password == password, "\(get.error)")
    #expect(try run("lockwise-env", "read", "github.com/mcurie", in: stage).expectSuccess().output == password + "\n")
    #expect(try run("lockwise-pass", "show", "github.com/mcurie", in: stage).expectSuccess().lines.first == password)
    #expect(try run("docker-credential-lockwise", "list", in: stage).expectSuccess().output == "{}\n")
    try run("lockwise-sync", "pull", in: stage).expectSuccess()
  }

  @Test func unlockByPinentry() throws {
    let stage = try TestHome()
    try stage.signInAndPull(passphrase: "radium 88")
    try stage.sync("lock").expectSuccess()
    let pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer("radium 88")
    let get = try run("git-credential-lockwise", "get", input: .text(Self.request), in: stage)
    #expect(get.password == "ghp_webAndGit0123456789", "\(get.error)")
    #expect(pinentry.takeQuestions() == 1)
  }

  @Test func waitForAPull() throws {
    let stage = try TestHome()
    try stage.signInAndPull()
    let login = LoginJSON(
      "added0000000", origin: "https://added.example", realm: nil, form: "https://added.example", username: "new",
      password: "just saved")
    try stage.sandbox.put([login.object])
    var times = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
    for name in ["pulled", "pull.lock"] { #expect(utimes(stage.scratch.vault + "/" + name, &times) == 0) }
    let read = try run("lockwise-env", "read", "added.example/new", in: stage)
    #expect(read.expectSuccess().output == "just saved\n")
  }

  @Test func useAnEditorAndAMenu() throws {
    let home = try PassHome.withTwoLogins()
    try home.scratch.write("#!/bin/sh\nsed -i '1s/.*/changed/' \"$1\"\n", to: home.bin + "/my-editor")
    try home.scratch.write("#!/bin/sh\ngrep alice\n", to: home.bin + "/dmenu")
    home.environment.merge(["EDITOR": "my-editor", "DISPLAY": ":4711"]) { $1 }
    func pass(_ arguments: String...) throws -> Run {
      try run(home.bin + "/pass", arguments, environment: home.environment)
    }
    try pass("edit", "example.com/alice").expectSuccess()
    #expect(try pass("show", "example.com/alice").expectSuccess().lines.first == "changed")
    #expect(try pass("pick", "--print").expectSuccess().output == "changed\n")
  }

  @Test func askWithPinentry() throws {
    let home = try AskpassHome()
    let pinentry = try DialogPinentry(home.scratch)
    try pinentry.answer("GETPIN", .enters(["from the window"]))
    let environment = home.environment.merging(pinentry.variables) { $1 }
    let asked = try run(home.program, ["Enter PIN for ECDSA-SK key /k: "], environment: environment)
    #expect(asked.expectSuccess().output == "from the window\n")
  }

  /// A command with masked output has its own status, and gets the signal ignored again.
  @Test func maskACommand() throws {
    let home = try EnvHome([.init(username: "alice", password: "radium 226")])
    func mask(_ command: String...) throws -> Run {
      let arguments = ["run", "--mask", "A=lockwise://example.com/alice"] + command
      return try run(home.executable, arguments, environment: home.environment)
    }
    let ended = try mask("sh", "-c", "echo \"$A\"; exit 7")
    #expect(ended.status == 7 && ended.output == "<hidden:A>\n", "\(ended.error)")
    let state = try mask("grep", "SigIgn", "/proc/self/status").expectSuccess()
    let ignored = state.output.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    #expect(ignored.map { $0 >> UInt64(SIGCHLD - 1) & 1 } == 1, "\(state.output)")
  }
}
