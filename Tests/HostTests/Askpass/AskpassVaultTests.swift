import Foundation
import Testing

@testable import LockwiseHostSupport

/// Answers from the vault: which process gets which secret, and how often.
@Suite struct AskpassVaultTests {
  private static let password = "pitch & blende 'ü' \\ %41"
  private static let user = "Username for 'https://git.example': "
  private static let secret = "Password for 'https://marie@git.example': "

  private func home() throws -> AskpassHome {
    try AskpassHome([.init("https://git.example", "marie", Self.password)])
  }

  /// Records an issue unless the program printed nothing on standard output and ended with 1.
  private func expectNothing(_ run: Run, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(run.status == 1 && run.outputBytes.isEmpty, "\(note) \(run.output)", sourceLocation: sourceLocation)
  }

  private func expectAnswer(
    _ run: Run, _ text: String = password, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == 0 && run.output == text + "\n", "\(run.output)", sourceLocation: sourceLocation)
    #expect(run.errorBytes.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
  }

  private func askHelper(_ home: AskpassHome) throws -> String? {
    try Run.program(
      home.scratch.root + "/bin/git-credential-lockwise", ["get"],
      input: .text("protocol=https\nhost=git.example\n"), environment: home.environment
    ).password
  }

  @Test func answersEachProcessOnce() throws {
    let home = try home()
    for _ in 0..<2 { expectAnswer(try home.run(Self.user), "marie") }
    expectAnswer(try home.run(Self.secret))
    expectAnswer(try home.ask(Self.secret, by: "git-remote-https"))
    #expect(try askHelper(home) == Self.password)
    // The same process asks the same question: the secret was wrong.
    expectNothing(try home.run(Self.secret))
    expectNothing(try home.ask(Self.secret, by: "git-remote-https"))
    expectNothing(try home.run(Self.user))
    #expect(try askHelper(home) == nil)
    let explained = try home.run("explain", Self.secret).expectSuccess().output
    #expect(explained.contains("rejected: git.example/marie, not offered until 20"), "\(explained)")
    #expect(!explained.contains("pitch"))
    #expect(try home.logins() == ["https://git.example marie \(Self.password)"])
    // A new password gets a try, but not by a process that has had one.
    try home.change("{1}", password: "radium")
    expectNothing(try home.run(Self.secret))
    expectAnswer(try home.ask(Self.secret, by: "git-remote-https"), "radium")
    #expect(try askHelper(home) == "radium")
  }

  @Test func doesNotOfferWhatGitsHelperHeardIsRefused() throws {
    let home = try home()
    try Run.program(
      home.scratch.root + "/bin/git-credential-lockwise", ["erase"],
      input: .text("protocol=https\nhost=git.example\nusername=marie\npassword=\(Self.password)\n"),
      environment: home.environment
    ).expectSuccess()
    expectNothing(try home.run(Self.secret))
  }

  /// A user repeats a command in a shell.
  @Test func answersAShellAgain() throws {
    let home = try home()
    for _ in 0..<3 {
      let run = try Run.program(
        "/bin/sh", ["-c", "\"$0\" \"$1\"; exit $?", home.program, Self.secret], environment: home.environment)
      expectAnswer(run)
    }
    #expect(try askHelper(home) == Self.password)
  }

  @Test(arguments: ["ssh", "nothing-else"]) func answersGitsQuestionsToAnyProgramButSSH(asker: String) throws {
    let home = try home()
    for prompt in [Self.user, Self.secret] {
      let run = try home.ask(prompt, by: asker)
      if asker == "ssh" { expectNothing(run) } else { #expect(run.status == 0) }
    }
  }

  @Test func givesTheKeysPassphraseToTheProgramWhoseWordsItIs() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.password)
    try home.run("save", "key", key, input: .text(Self.password + "\n")).expectSuccess()
    // ssh must also have version 8.5, which this program does not.
    let prompts = [
      ("ssh-add", "Enter passphrase for \(key): "),
      ("ssh-add", "Enter passphrase for \(key) (will confirm each use): "),
      ("ssh-keygen", "Enter passphrase for \"\(key)\": "), ("ssh", "Enter passphrase for key '\(key)': "),
    ]
    for (owner, prompt) in prompts {
      for asker in ["ssh", "ssh-add", "ssh-keygen", "ssh-agent", "sudo", "git", "other"] {
        let run = try home.ask(prompt, by: asker)
        if asker == owner, owner != "ssh" { expectAnswer(run) } else { expectNothing(run, "\(asker): \(prompt)") }
      }
    }
    for prompt in ["Bad passphrase, try again for \(key): ", "Enter passphrase for \(key)", "Enter PIN for \(key): "] {
      expectNothing(try home.ask(prompt, by: "ssh-add"), prompt)
    }
  }

  @Test func sendsNoSSHPasswordWithoutProof() throws {
    let home = try AskpassHome([.init("ssh://host.example", realm: "ssh", "marie", Self.password)])
    for asker in ["ssh", "ssh-add", "git", "other"] {
      expectNothing(try home.ask("marie@host.example's password: ", by: asker), asker)
      expectNothing(try home.ask("(marie@host.example) Password: ", by: asker), asker)
    }
  }

  /// The user's own programs are not sudo, whatever they are called.
  @Test func sendsNoSudoPasswordToAnotherProgram() throws {
    let machine = ProcessInfo.processInfo.hostName
    let home = try AskpassHome([.init("sudo://\(machine)", realm: "sudo", "marie", Self.password)])
    for asker in ["sudo", "ssh", "other"] {
      expectNothing(try home.ask("[sudo] password for marie: ", by: asker), asker)
    }
    expectNothing(try home.run("[sudo] password for marie: "))
  }

  @Test(arguments: ["line\nfeed", "carriage\rreturn", "nul\0", String(repeating: "x", count: 1024)])
  func printsNoPartOfASecret(password: String) throws {
    let home = try AskpassHome()
    let length = password.utf8.count
    guard length > 1000 else {
      // Firefox cannot save such a password, and neither does the program.
      let run = try home.run("save", "ssh", "marie@host.example", input: .text(password.replacing("\n", with: "\r")))
      #expect(run.status == 1)
      #expect(try home.logins().isEmpty)
      return
    }
    let long = try AskpassHome([.init("https://git.example", "marie", password)])
    expectNothing(try long.run(Self.secret))
    let longest = try AskpassHome([.init("https://git.example", "marie", String(password.dropFirst()))])
    expectAnswer(try longest.run(Self.secret), String(password.dropFirst()))
  }

  @Test func endsWithOneIfTheOutputIsClosed() throws {
    let home = try home()
    let run = try Run.program(
      "/bin/sh", ["-c", "exec >&-; \"$0\" \"$1\"", home.program, Self.secret], environment: home.environment)
    #expect(run.status == 1)
    let pipe = try Run.program(
      "/bin/bash",
      ["-c", "{ sleep 0.2; \"$0\" \"$1\"; echo $? >\(home.scratch.root)/status; } | :", home.program, Self.secret],
      environment: home.environment)
    #expect(pipe.status == 0)
    #expect(try String(contentsOfFile: home.scratch.root + "/status", encoding: .utf8) == "1\n")
  }

  /// A hint means that no secret is wanted.
  @Test(arguments: ["confirm", "none"]) func answersNothingUnderAHint(hint: String) throws {
    let home = try home()
    expectNothing(try home.run(Self.secret, with: ["SSH_ASKPASS_PROMPT": hint]))
  }

  @Test func asksNothingOfAVaultThatIsMissing() throws {
    let home = try home()
    expectNothing(try home.run(Self.secret, with: ["LOCKWISE_HOME": home.scratch.root + "/none"]))
    expectNothing(try home.run(Self.secret, with: ["LOCKWISE_HOME": "relative"]))
  }

  /// Without a record of the try, the secret could be sent repeatedly.
  @Test func needsTheRecordOfTheTry() throws {
    let home = try home()
    try FileManager.default.createDirectory(
      atPath: home.scratch.vault + "/askpass-tries", withIntermediateDirectories: false)
    let run = try home.run(Self.secret)
    expectNothing(run)
    #expect(run.error.contains("askpass-tries"), "\(run.error)")
  }
}
