import Foundation
import Testing

@testable import LockwiseHostSupport

/// Questions to a user at a terminal.
@Suite struct AskpassPersonTests {
  private let home: AskpassHome

  init() throws {
    home = try AskpassHome()
    home.environment["LOCKWISE_ASKPASS_SAVE"] = "never"
  }

  /// The prompts of each kind, what is shown, and whether typed text is shown.
  private static let questions: [(prompt: String, shown: String, isVisible: Bool)] = [
    ("marie@host.example's password: ", "marie@host.example's password: ", false),
    ("(marie@host.example) Password: ", "marie@host.example asks: Password: ", false),
    ("(marie@host.example) Token\u{1B}[31m: ", "marie@host.example asks: Token?[31m: ", false),
    ("Enter passphrase for key '/nowhere/key': ", "Enter passphrase for key '/nowhere/key': ", false),
    ("Bad passphrase, try again for /nowhere/key: ", "Bad passphrase, try again for /nowhere/key: ", false),
    ("[sudo] password for marie: ", "[sudo] password for marie: ", false),
    ("Username for 'https://git.example': ", "Username for 'https://git.example': ", true),
    ("Password for 'https://marie@git.example': ", "Password for 'https://marie@git.example': ", false),
    ("Enter PIN for ECDSA-SK key /k: ", "Enter PIN for ECDSA-SK key /k: ", false),
    ("Username: ", "Username: ", true), ("Whatever it is", "Whatever it is ", false),
    ("Please type 'yes', 'no' or the fingerprint: ", "Please type 'yes', 'no' or the fingerprint: ", true),
    ("Current password: ", "Current password: ", false),
  ]

  @Test(arguments: questions) func asksAtTheTerminal(question: (prompt: String, shown: String, isVisible: Bool)) throws
  {
    let terminal = try terminalWithOutput(question.prompt)
    try terminal.expect(question.shown)
    terminal.enter("typed text")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.isRestored, "\(outcome.shown)")
    #expect(outcome.shown.contains("typed text") == question.isVisible, "\(outcome.shown)")
    #expect(try output() == "typed text\n")
  }

  /// Starts the program at a terminal with its standard output in a file.
  private func terminalWithOutput(_ prompt: String, with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try home.terminal(
      running: "/bin/sh", "-c", "\"$0\" \"$1\" >\(home.scratch.root)/output", home.program, prompt, with: variables)
  }

  private func output() throws -> String {
    try String(contentsOfFile: home.scratch.root + "/output", encoding: .utf8)
  }

  @Test func showsTheWholeQuestionAboutAHostKey() throws {
    let prompt = """
      The authenticity of host '[127.0.0.1]:20022 ([127.0.0.1]:20022)' can't be established.
      ED25519 key fingerprint is SHA256:abc.
      Are you sure you want to continue connecting (yes/no/[fingerprint])? 
      """
    for answer in ["yes", "no", "SHA256:abc"] {
      let terminal = try terminalWithOutput(prompt)
      for line in prompt.split(separator: "\n") { try terminal.expect(String(line)) }
      terminal.enter(answer)
      #expect(try terminal.finish().status == 0)
      #expect(try output() == answer + "\n")
    }
  }

  @Test(arguments: questions.map(\.prompt)) func hasNoAnswerWithoutInput(prompt: String) throws {
    for keys in ["\u{4}", "\r"] {
      let terminal = try terminalWithOutput(prompt)
      try terminal.expect(" ")
      usleep(20_000)
      terminal.send(keys)
      let outcome = try terminal.finish()
      #expect(outcome.status == 1 && outcome.isRestored, "\(outcome.shown)")
      #expect(try output().isEmpty)
    }
  }

  /// The program that asks ends as well, as at its own prompt.
  @Test func endsTheProgramThatAsksAtCtrlC() throws {
    let terminal = try terminalWithOutput("marie@host.example's password: ")
    try terminal.expect("password: ")
    terminal.send("secret\u{3}")
    let outcome = try terminal.finish()
    #expect(outcome.status == 130 && outcome.isRestored, "\(outcome.shown)")
    #expect(try output().isEmpty)
  }

  @Test func warnsOfAnUnencryptedKey() throws {
    let terminal = try terminalWithOutput("Enter passphrase (empty for no passphrase): ")
    try terminal.expect("Without an answer, the key is stored unencrypted.")
    try terminal.expect("(empty for no passphrase): ")
    terminal.enter("")
    #expect(try terminal.finish().status == 0)
    #expect(try output().isEmpty)
  }

  @Test(arguments: questions.map(\.prompt)) func asksNothingIfPromptsAreForbidden(prompt: String) throws {
    for hint in ["", "confirm"] {
      let terminal = try terminalWithOutput(
        prompt, with: ["LOCKWISE_NO_PROMPT": "1", "SSH_ASKPASS_PROMPT": hint, "LOCKWISE_ASKPASS_FALLBACK": "/bin/echo"])
      let outcome = try terminal.finish()
      #expect(outcome.status == 1, "\(outcome.shown)")
      #expect(!outcome.shown.contains(String(prompt.prefix(8))))
      #expect(try output().isEmpty)
    }
  }

  @Test func refusesAnAnswerThatIsTooLong() throws {
    let terminal = try terminalWithOutput("Password: ")
    try terminal.expect("Password: ")
    terminal.enter(String(repeating: "x", count: 1024))
    let outcome = try terminal.finish()
    #expect(outcome.status == 1 && outcome.shown.contains("longer than 1023 bytes"), "\(outcome.shown)")
    #expect(try output().isEmpty)
  }

  @Test(arguments: [
    ("yes", 0), ("YES", 0), ("y", 1), ("no", 1), ("", 1), ("yes please", 1), ("\u{4}", 1),
  ]) func asksForConsentAtTheTerminal(answer: String, status: Int32) throws {
    let terminal = try terminalWithOutput(
      "Allow use of key marie?\nKey fingerprint SHA256:abc.", with: ["SSH_ASKPASS_PROMPT": "confirm"])
    try terminal.expect("Allow use of key marie?")
    try terminal.expect("Key fingerprint SHA256:abc. (yes/no) ")
    terminal.enter(answer)
    #expect(try terminal.finish().status == status)
    #expect(try output().isEmpty)
  }

  /// ssh ends the notice when the key was touched.
  @Test func showsANoticeUntilItIsEnded() throws {
    let terminal = try terminalWithOutput(
      "Confirm user presence for key ECDSA-SK SHA256:abc", with: ["SSH_ASKPASS_PROMPT": "none"])
    try terminal.expect("Confirm user presence for key ECDSA-SK SHA256:abc")
    let program = try #require(terminal.program)
    usleep(100_000)
    // The shell of the test's command is replaced by, or the parent of, the program.
    let children = try Run.program("/usr/bin/pgrep", ["-P", "\(program)"], environment: home.environment).lines
    for id in children.isEmpty ? ["\(program)"] : children { kill(try #require(pid_t(id)), SIGTERM) }
    let outcome = try terminal.finish(timeout: 2)
    #expect(outcome.status == 0 && outcome.isRestored)
    #expect(try output().isEmpty)
  }

  @Test func endsANoticeWithItsParent() throws {
    let marker = home.scratch.root + "/pid"
    let parent = try RunningProgram(
      "/bin/sh",
      ["-c", "\"$0\" \"$1\" & echo $! >\(marker); sleep 60", home.program, "Confirm user presence for key X Y"],
      environment: home.environment.merging(["SSH_ASKPASS_PROMPT": "none"]) { $1 })
    #expect(Deadline(seconds: 10).await { access(marker, F_OK) == 0 })
    usleep(300_000)
    let id = try #require(
      pid_t(try String(contentsOfFile: marker, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(id, 0) == 0, "it ended early")
    parent.signal(SIGKILL)
    #expect(Deadline(seconds: 3).await { kill(id, 0) != 0 || Self.isZombie(id) })
  }

  private static func isZombie(_ id: pid_t) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
    return text.isEmpty || text.contains(") Z ")
  }

  @Test func unlocksTheVaultFirst() throws {
    let locked = try TestHome()
    try locked.signInAndPull(passphrase: "polonium")
    try locked.sync("lock").expectSuccess()
    let program = try Executables.path("lockwise-askpass")
    let terminal = try PseudoTerminal(
      program, ["Password for 'https://mcurie@github.com': "], environment: locked.scratch.environment)
    try terminal.expect("Enter passphrase for key 'lockwise vault (git asks for https://github.com)': ")
    terminal.enter("polonium")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("ghp_webAndGit0123456789"), "\(outcome.shown)")
    // A user who does not unlock it is asked for the answer, and once for the vault.
    try locked.sync("lock").expectSuccess()
    let script = "for n in 1 2; do \"$0\" \"$1\"; done"
    let twice = try PseudoTerminal(
      "/bin/sh", ["-c", script, program, "Password for 'https://mcurie@github.com': "],
      environment: locked.scratch.environment)
    try twice.expect("Enter passphrase for key 'lockwise vault")
    twice.send("\u{4}")
    for _ in 0..<2 {
      try twice.expect("Password for 'https://mcurie@github.com': ")
      twice.enter("typed")
      try twice.expect("typed")
    }
    #expect(try twice.finish().shown.components(separatedBy: "lockwise vault").count == 2)
  }
}
