import Foundation
import Testing

@testable import LockwiseHostSupport

/// Questions that the real ssh asks, without a server: the program of `ProxyCommand` is ssh's child, as an askpass
/// program is.
@Suite struct AskpassProxyTests {
  private static let password = "pitchblende 1898"

  private let home: AskpassHome

  init() throws {
    home = try AskpassHome([
      .init("ssh://host.example", realm: "ssh", "marie", Self.password),
      .init("ssh://host.example:2222", realm: "ssh", "marie", "of port 2222"),
      .init("ssh://the.alias:2222", realm: "ssh", "marie", "of the alias"),
      .init("https://host.example", "marie", "of the web site"),
    ])
    home.environment["SHELL"] = "/bin/sh"
  }

  /// Lets ssh ask a question.
  ///
  /// - Parameters:
  ///   - arguments: those of ssh.
  ///   - configuration: the text of its configuration file.
  /// - Returns: what the program printed.
  private func ask(_ prompt: String, _ arguments: [String], configuration: String = "") throws -> String {
    let output = home.scratch.root + "/output"
    let file = home.scratch.root + "/ssh_config"
    try home.scratch.write(configuration, to: file)
    let script = home.scratch.root + "/proxy"
    try home.scratch.write("#!/bin/sh\n\"$SSH_ASKPASS\" \"$PROMPT\" >\(output)\n", to: script)
    let run = try Run.program(
      Executables.ofSystem("ssh"), ["-F", file, "-o", "BatchMode=yes", "-o", "ProxyCommand=\(script)"] + arguments,
      environment: home.environment.merging(["PROMPT": prompt]) { $1 })
    #expect(run.status == 255, "\(run.error)")
    return try String(contentsOfFile: output, encoding: .utf8)
  }

  /// The port is not in the prompt.
  @Test(arguments: [
    (["marie@host.example"], "", "host.example", password),
    (["-l", "marie", "HOST.example"], "", "host.example", password),
    (["-p", "2222", "marie@host.example"], "", "host.example", "of port 2222"),
    (["-oPort=2222", "marie@host.example"], "", "host.example", "of port 2222"),
    (["marie@host.example"], "Host *\n Port 2222\n", "host.example", "of port 2222"),
    (["short"], "Host short\n HostName host.example\n User marie\n", "host.example", password),
    (["marie@host.example"], "Host *\n HostKeyAlias The.Alias\n Port 2222\n", "the.alias", "of the alias"),
  ]) func findsThePort(arguments: [String], configuration: String, host: String, answer: String) throws {
    for prompt in ["marie@\(host)'s password: ", "(marie@\(host)) Password: ", "(marie@\(host)) password:"] {
      #expect(try ask(prompt, arguments, configuration: configuration) == answer + "\n", "\(prompt)")
    }
  }

  /// Neither another host or user than the connection's, nor a port without a login, nor another question.
  @Test(arguments: [
    (["marie@other.example"], "marie@host.example's password: "),
    (["pierre@host.example"], "marie@host.example's password: "),
    (["-p", "2223", "marie@host.example"], "marie@host.example's password: "),
    (["marie@host.example"], "pierre@host.example's password: "),
    (["marie@host.example"], "(marie@host.example) Password for sudo: "),
    (["marie@host.example"], "Password for 'https://marie@host.example': "),
    (["marie@host.example"], "marie@host.example's password:"),
    (["marie@host.example"], "(marie@host.example) marie@other.example's password: "),
  ]) func sendsNothingElse(arguments: [String], prompt: String) throws {
    #expect(try ask(prompt, arguments).isEmpty)
  }

  @Test func sendsNothingInTheWordsOfAServerIfTheSettingSaysSo() throws {
    home.environment["LOCKWISE_ASKPASS_KBDINT"] = "never"
    #expect(try ask("(marie@host.example) Password: ", ["marie@host.example"]).isEmpty)
    #expect(try ask("marie@host.example's password: ", ["marie@host.example"]) == Self.password + "\n")
  }

  /// A current ssh gets the passphrase of a key, and its version is looked up once.
  @Test func givesTheKeysPassphraseToACurrentClient() throws {
    let key = try home.makeKey(passphrase: Self.password)
    try home.run("save", "key", key, input: .text(Self.password)).expectSuccess()
    for _ in 0..<2 {
      #expect(try ask("Enter passphrase for key '\(key)': ", ["marie@host.example"]) == Self.password + "\n")
    }
  }

  /// The program asks twice within one ssh: the first answer was wrong.
  @Test func givesAPasswordOnce() throws {
    let output = home.scratch.root + "/output"
    let script = home.scratch.root + "/proxy"
    let prompt = "marie@host.example's password: "
    try home.scratch.write(
      "#!/bin/sh\nfor n in 1 2 3; do \"$SSH_ASKPASS\" \"\(prompt)\"; echo \"status $?\"; done >\(output)\n", to: script)
    for answers in ["\(Self.password)\nstatus 0\nstatus 1\nstatus 1\n", "status 1\nstatus 1\nstatus 1\n"] {
      _ = try Run.program(
        Executables.ofSystem("ssh"), ["-F", "none", "-o", "ProxyCommand=\(script)", "marie@host.example"],
        environment: home.environment)
      #expect(try String(contentsOfFile: output, encoding: .utf8) == answers)
    }
    // The login of another port is not affected.
    #expect(try ask(prompt, ["-p", "2222", "marie@host.example"]) == "of port 2222\n")
  }

  /// A password that a user typed and saved is removed if the same ssh asks again.
  @Test func undoesAWrongPasswordThatWasSaved() throws {
    let script = home.scratch.root + "/proxy"
    let prompt = "pierre@host.example's password: "
    try home.scratch.write(
      "#!/bin/sh\nfor n in 1 2; do \"$SSH_ASKPASS\" \"\(prompt)\" >>\(home.scratch.root)/output; done\n", to: script)
    let terminal = try home.terminal(
      running: "ssh", "-F", "none", "-o", "ProxyCommand=\(script)", "-p", "2200", "pierre@host.example")
    let before = try home.logins()
    try terminal.expect(prompt)
    terminal.enter("mistyped")
    try terminal.expect("Save the password of pierre@host.example:2200 in Firefox's passwords? [y/N/never] ")
    terminal.enter("y")
    try terminal.expect(prompt)
    #expect(try home.logins() == before)
    terminal.enter("right")
    try terminal.expect("[y/N/never] ")
    terminal.enter("y")
    _ = try terminal.finish()
    #expect(try home.logins() == before.union(["ssh://host.example:2200 pierre right"]))
    #expect(try String(contentsOfFile: home.scratch.root + "/output", encoding: .utf8) == "mistyped\nright\n")
  }
}
