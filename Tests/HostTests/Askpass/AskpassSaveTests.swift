import Foundation
import Testing

@testable import LockwiseHostSupport

/// The commands `save`, `explain` and `configure`, and wrong command lines.
@Suite struct AskpassSaveTests {
  private static let machine = ProcessInfo.processInfo.hostName

  private let home: AskpassHome

  init() throws { home = try AskpassHome() }

  @Test(arguments: [
    (["ssh", "marie@host.example"], "ssh://host.example marie"),
    (["ssh", "marie@HOST.example:22"], "ssh://host.example marie"),
    (["ssh", "marie@host.example:2222"], "ssh://host.example:2222 marie"),
    (["ssh", "a@b@[::1]:2222"], "ssh://[::1]:2222 a@b"), (["sudo"], "sudo://\(machine) marie"),
    (["sudo", "root"], "sudo://\(machine) root"),
  ]) func savesOneLineOfInput(arguments: [String], login: String) throws {
    for password in ["pitch & blende 'ü'", "polonium"] {
      let run = try Run.program(
        home.program, ["save"] + arguments, input: .text(password + "\nnot this\n"), environment: home.environment
      ).expectSuccess()
      run.expectWellFormedErrors(by: "lockwise-askpass")
      #expect(run.output.isEmpty && !run.error.contains(password))
      #expect(try home.logins() == ["\(login) \(password)"])
    }
  }

  @Test func saysWhatAPasswordForSudoMeans() throws {
    let run = try home.run("save", "sudo", input: .text("radium\n")).expectSuccess()
    #expect(run.error.contains("any program that runs as you can then become root with sudo -A"), "\(run.error)")
  }

  @Test func asksForTheSecretAtATerminal() throws {
    let terminal = try home.terminal("save", "ssh", "marie@host.example")
    try terminal.expect("Password of marie@host.example: ")
    terminal.enter("radium")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && !outcome.shown.contains("radium"), "\(outcome.shown)")
    #expect(try home.logins() == ["ssh://host.example marie radium"])
    let cancelled = try home.terminal("save", "ssh", "marie@host.example")
    try cancelled.expect("Password")
    cancelled.send("\u{3}")
    #expect(try cancelled.finish().status == 130)
  }

  @Test(arguments: [["-m", "PEM", "-t", "rsa", "-b", "2048"], ["-m", "PKCS8", "-t", "ecdsa"], ["-t", "rsa"], []])
  func savesTheRightPassphraseOfAKey(options: [String]) throws {
    let key = home.scratch.root + "/id_marie"
    try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-q", "-N", "radium 88", "-f", key] + options, environment: home.environment
    ).expectSuccess()
    let wrong = try home.run("save", "key", key, input: .text("wrong one\n"))
    wrong.expectRefusal(1, "does not open the key", by: "lockwise-askpass")
    #expect(try home.logins().isEmpty)
    // ssh-keygen reads the public key where the file does not contain it in clear.
    unlink(key + ".pub")
    try home.run("save", "key", key, input: .text("radium 88\n")).expectSuccess()
    let fingerprint = try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-y", "-P", "radium 88", "-f", key], environment: home.environment
    ).expectSuccess().output
    let encoded = try #require(Data(base64Encoded: String(fingerprint.split(separator: " ")[1].prefix { $0 != "\n" })))
    #expect(try home.logins().first?.hasPrefix("ssh-key://\(try hash(encoded)) ") == true)
    let terminal = try home.terminal("save", "key", key)
    try terminal.expect("Passphrase of the key \(key): ")
    terminal.enter("wrong one")
    try terminal.expect("That passphrase does not open the key.")
    try terminal.expect("Passphrase of the key \(key): ")
    terminal.enter("radium 88")
    #expect(try terminal.finish().status == 0)
  }

  private func hash(_ bytes: Data) throws -> String {
    let path = home.scratch.root + "/encoded"
    try bytes.write(to: URL(fileURLWithPath: path))
    return String(
      try Run.program("/usr/bin/sha256sum", [path], environment: home.environment).expectSuccess().output.prefix(64))
  }

  @Test func refusesKeysWithoutAPassphraseAndOtherFiles() throws {
    let key = try home.makeKey(passphrase: "")
    try home.run("save", "key", key, input: .text("radium\n")).expectRefusal(
      1, "has no passphrase", by: "lockwise-askpass")
    try home.run("save", "key", "/etc/passwd", input: .text("radium\n")).expectRefusal(
      1, "cannot try the passphrase", by: "lockwise-askpass")
    #expect(try home.logins().isEmpty)
  }

  @Test(arguments: [
    ["save", "ssh"], ["save", "ssh", "host.example"], ["save", "ssh", "@host.example"], ["save", "ssh", "marie@"],
    ["save", "ssh", "marie@host:port"], ["save", "key"], ["save", "key", "a", "b"], ["save", "sudo", "a", "b"],
    ["save", "pin", "a"], ["explain", "a", "b"], ["configure", "ansible"], ["configure", "ssh", "git"], ["sav", "ssh"],
    ["--help", "ssh"], ["", ""],
  ]) func refusesAWrongCommandLine(arguments: [String]) throws {
    let run = try Run.program(home.program, arguments, input: .text("radium\n"), environment: home.environment)
    run.expectRefusal(64, by: "lockwise-askpass")
    #expect(try home.logins().isEmpty)
  }

  @Test func printsTheUsageWithoutAnArgument() throws {
    let run = try home.run()
    #expect(run.status == 64 && run.outputBytes.isEmpty && run.error.hasPrefix("usage: lockwise-askpass <prompt>\n"))
  }

  /// A server may have written it.
  @Test(arguments: ["save", "explain", "configure", "-h", "-v", "help", "", "--helper", "--help\n"])
  func takesASingleArgumentForAPrompt(argument: String) throws {
    let run = try home.run(argument)
    #expect(run.status == 1 && run.outputBytes.isEmpty, "\(run.output)")
    #expect(run.error.hasPrefix("lockwise-askpass: error: the vault does not answer this prompt"), "\(run.error)")
  }

  @Test func reportsThatThereIsNoVault() throws {
    let run = try home.run(
      "save", "sudo", input: .text("radium\n"), with: ["LOCKWISE_HOME": home.scratch.root + "/none"])
    run.expectRefusal(2, by: "lockwise-askpass")
  }

  @Test func explainsWithoutASecret() throws {
    try home.run("save", "ssh", "marie@host.example", input: .text("radium\n")).expectSuccess()
    for (prompt, words) in [
      (
        "marie@host.example's password: ",
        [
          "the ssh password of marie@host.example", "answered to: ssh; not to this",
          "login: ssh:host.example/marie, if",
        ]
      ),
      ("pierre@host.example's password: ", ["no login matches"]),
      ("(marie@host.example) Password: ", ["in the words of the server"]),
      ("Are you sure you want to continue connecting (yes/no)? ", ["whether to accept a host key", "you are asked"]),
      ("Password for 'https://marie@git.example': ", ["no login for marie at https://git.example"]),
      ("Enter passphrase for /nowhere: ", ["the key's file cannot be read"]),
      ("a\u{1B}[1mb", ["question: another text"]),
    ] {
      let run = try home.run("explain", prompt).expectSuccess()
      for word in words { #expect(run.output.contains(word), "\(word) is not in: \(run.output)") }
      #expect(run.errorBytes.isEmpty && !run.output.contains("radium") && !run.output.contains("\u{1B}"))
    }
    let fallback = try home.run("explain", "x", with: ["LOCKWISE_ASKPASS_FALLBACK": "/usr/bin/ksshaskpass"])
    #expect(fallback.output.contains("without an answer: /usr/bin/ksshaskpass is asked"))
  }

  @Test func printsSettingsThatWork() throws {
    let path = try #require(realpath(home.program, nil).map { String(cString: $0) })
    for (what, word) in [
      ("ssh", "SSH_ASKPASS"), ("git", "core.askPass"), ("sudo", "SUDO_ASKPASS"), ("systemd", "ssh-add"),
    ] {
      let text = try home.run("configure", what).expectSuccess().output
      #expect(text.contains(word) && text.contains(path), "\(text)")
    }
    // The lines for ~/.profile set the variables only where the program is.
    for (program, expected) in [(path, path), ("/nowhere/askpass", "")] {
      let script = try home.run("configure", "ssh").expectSuccess().output.replacing(path, with: program)
      try home.scratch.write(script, to: home.scratch.root + "/profile")
      let shell = try Run.program(
        "/bin/sh", ["-c", ". \(home.scratch.root)/profile; printf %s \"$SSH_ASKPASS\""],
        environment: ["PATH": "/usr/bin:/bin"])
      #expect(shell.output == expected && shell.errorBytes.isEmpty)
    }
    let unit = try home.run("configure", "systemd").expectSuccess().output
    try home.scratch.write(unit, to: home.scratch.root + "/lockwise-ssh-add.service")
    let check = try? Run.program(
      Executables.ofSystem("systemd-analyze"), ["verify", "--user", home.scratch.root + "/lockwise-ssh-add.service"],
      environment: home.environment)
    if let check { #expect(!check.error.contains("Unknown"), "\(check.error)") }
  }
}
