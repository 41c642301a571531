import Foundation
import Testing

@testable import LockwiseHostSupport

/// Secrets that a user types are offered to be saved.
@Suite struct AskpassOfferTests {
  private static let passphrase = "radium 88"
  private static let offer = "Save the passphrase of this key in Firefox's passwords? [y/N/never] "

  /// Adds a key at a terminal, and returns what is shown.
  private func add(_ home: AskpassHome, _ agent: SSHAgent, _ key: String, _ lines: [(String, String)]) throws -> String
  {
    let terminal = try home.terminal(running: "ssh-add", key, with: ["SSH_AUTH_SOCK": agent.socket])
    for (prompt, answer) in lines {
      try terminal.expect(prompt)
      terminal.enter(answer)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("Identity added"), "\(outcome.shown)")
    return outcome.shown
  }

  @Test func savesAPassphraseOnlyWithAYes() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.passphrase)
    let agent = try SSHAgent(home)
    let prompt = "Enter passphrase for \(key): "
    for answer in ["", "n", "whatever"] {
      _ = try add(home, agent, key, [(prompt, Self.passphrase), (Self.offer, answer)])
      #expect(try home.logins().isEmpty)
    }
    let shown = try add(
      home, agent, key,
      [(prompt, "wrong"), (prompt, Self.passphrase), (Self.offer, "y")])
    #expect(shown.contains("That passphrase does not open the key.") && !shown.contains("Bad passphrase"), "\(shown)")
    #expect(
      try home.logins().map { $0.hasPrefix("ssh-key://") && $0.hasSuffix(" marie's key \(Self.passphrase)") } == [true])
    #expect(try !add(home, agent, key, []).contains("passphrase"))
    // A new passphrase replaces the stored one, which was wrong.
    try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-p", "-P", Self.passphrase, "-N", "polonium", "-f", key],
      environment: home.environment
    ).expectSuccess()
    let again = try add(
      home, agent, key, [("Bad passphrase, try again for \(key): ", "polonium")])
    #expect(!again.contains("Save"), "a passphrase was saved that follows a wrong one")
    _ = try add(home, agent, key, [(prompt, "polonium"), (Self.offer, "y")])
    #expect(try home.logins().map { $0.hasSuffix("polonium") } == [true])
    #expect(try !add(home, agent, key, []).contains("passphrase"))
  }

  @Test func doesNotOfferAgainAfterNever() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.passphrase)
    let agent = try SSHAgent(home)
    let prompt = "Enter passphrase for \(key): "
    _ = try add(home, agent, key, [(prompt, Self.passphrase), (Self.offer, "never")])
    #expect(try !add(home, agent, key, [(prompt, Self.passphrase)]).contains("Save"))
    #expect(try home.logins().isEmpty)
    // It does not apply to another key, nor to a command of the user.
    let other = try home.makeKey("other", passphrase: Self.passphrase)
    _ = try add(home, agent, other, [("Enter passphrase for \(other): ", Self.passphrase), (Self.offer, "")])
    try home.run("save", "key", key, input: .text(Self.passphrase)).expectSuccess()
    #expect(try home.logins().count == 1)
  }

  @Test func offersNothingIfTheSettingSaysSo() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.passphrase)
    let agent = try SSHAgent(home)
    for (name, value) in [("LOCKWISE_ASKPASS_SAVE", "never"), ("LOCKWISE_STORE", "false")] {
      home.environment[name] = value
      let shown = try add(home, agent, key, [("Enter passphrase for \(key): ", Self.passphrase)])
      #expect(!shown.contains("Save"), "\(shown)")
      home.environment[name] = nil
    }
  }

  /// git's configuration does not matter for keys.
  @Test func savesAPassphraseOnAMachineWithoutGit() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.passphrase)
    let agent = try SSHAgent(home)
    let folder = home.scratch.root + "/tools"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/ssh-keygen", withDestinationPath: Executables.ofSystem("ssh-keygen"))
    let terminal = try home.terminal(
      running: "ssh-add", key, with: ["SSH_AUTH_SOCK": agent.socket, "PATH": folder])
    try terminal.expect("Enter passphrase for \(key): ")
    terminal.enter(Self.passphrase)
    try terminal.expect(Self.offer)
    terminal.enter("y")
    // The shell of the terminal has no stty in this PATH.
    #expect(Deadline(seconds: 10).await { (try? home.logins().count) == 1 })
  }

  /// The user gives up, and ssh-add gets no passphrase.
  @Test func givesUpAfterThreeWrongPassphrases() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.passphrase)
    let agent = try SSHAgent(home)
    let terminal = try home.terminal(running: "ssh-add", key, with: ["SSH_AUTH_SOCK": agent.socket])
    for _ in 0..<3 {
      try terminal.expect("Enter passphrase for \(key): ")
      terminal.enter("wrong")
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 1 && !outcome.shown.contains("Bad passphrase"), "\(outcome.shown)")
  }

  /// A password cannot be tried. It is saved at once, and removed if the same process asks again.
  @Test func undoesAPasswordThatTheSameProcessAsksForAgain() throws {
    let home = try AskpassHome()
    let prompt = "Password for 'https://marie@git.example': "
    let offer = "Save the password of marie at https://git.example in Firefox's passwords? [y/N/never] "
    let script = """
      import subprocess, sys
      for _ in range(int(sys.argv[1])):
          print("status", subprocess.run(sys.argv[2:]).returncode, flush=True)
      """
    func ask(_ count: Int, _ lines: [(String, String)]) throws {
      let terminal = try home.terminal(running: "python3", "-c", script, "\(count)", home.program, prompt)
      for (text, answer) in lines {
        try terminal.expect(text)
        terminal.enter(answer)
      }
      let outcome = try terminal.finish()
      #expect(outcome.shown.components(separatedBy: "status 0").count == count + 1, "\(outcome.shown)")
    }
    try ask(1, [(prompt, "good"), (offer, "y")])
    #expect(try home.logins() == ["https://git.example marie good"])
    #expect(try home.run(prompt).output == "good\n")
    try home.run("explain", prompt).expectSuccess()
    // It is wrong now. What replaces it is wrong as well, so the first one comes back.
    try ask(3, [(prompt, "bad"), (offer, "y"), (prompt, "worse"), (offer, "n")])
    #expect(try home.logins() == ["https://git.example marie good"])
    try ask(2, [(prompt, "better"), (offer, "n"), (prompt, "better"), (offer, "y")])
    #expect(try home.logins() == ["https://git.example marie better"])
    #expect(try home.ask(prompt, by: "git-remote-https").output == "better\n")
    let other = try AskpassHome()
    other.environment["LOCKWISE_NO_PROMPT"] = "1"
    #expect(try other.run(prompt).status == 1)
  }

  @Test func offersNoPasswordOfGitThatAHelperSaves() throws {
    let home = try AskpassHome()
    try home.scratch.write("[credential]\n\thelper = store\n", to: home.scratch.root + "/gitconfig")
    let terminal = try home.terminal("Password for 'https://marie@git.example': ")
    try terminal.expect("Password for")
    terminal.enter("radium")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && !outcome.shown.contains("Save"), "\(outcome.shown)")
  }

  /// Anything but a password of ssh or git and a passphrase of a key.
  @Test(arguments: [
    "[sudo] password for marie: ", "Enter PIN for ECDSA-SK key /k: ", "Username for 'https://git.example': ",
    "(marie@host.example) Code: ", "Enter new passphrase (empty for no passphrase): ", "Whatever: ",
    "marie@host.example's password: ",
  ]) func offersNothingElse(prompt: String) throws {
    let home = try AskpassHome()
    let terminal = try home.terminal(prompt)
    try terminal.expect(String(prompt.suffix(6)))
    terminal.enter("typed")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && !outcome.shown.contains("Save"), "\(outcome.shown)")
    #expect(try home.logins().isEmpty)
  }
}
