import Foundation
import Testing

@testable import LockwiseHostSupport

/// The question of ssh about an unknown host key, which only the user answers.
@Suite(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement))
final class AskpassHostKeyTests {
  private let home: AskpassHome
  private let server: SSHServer
  private let unknown: String

  init() throws {
    home = try AskpassHome()
    server = try SSHServer(home)
    unknown = home.scratch.root + "/unknown_hosts"
    try home.scratch.write("", to: unknown)
    let marie = PrivateSystem.Account.marie
    try home.run("save", "ssh", "marie@127.0.0.1:\(server.port)", input: .text(marie.password + "\n")).expectSuccess()
  }

  private var arguments: [String] {
    [
      "-F", server.configuration, "-o", "StrictHostKeyChecking=ask", "-o", "UserKnownHostsFile=\(unknown)", "-p",
      "\(server.port)", "marie@127.0.0.1", "echo signed in",
    ]
  }

  private var hosts: String { (try? String(contentsOfFile: unknown, encoding: .utf8)) ?? "" }

  @Test(arguments: [[:], ["LOCKWISE_NO_PROMPT": "1"], ["LOCKWISE_ASKPASS_FALLBACK": "/bin/false"]])
  func withoutAUserTheHostIsRefused(variables: [String: String]) throws {
    let start = ContinuousClock.now
    let run = try Run.program(
      Executables.ofSystem("ssh"), arguments, environment: home.environment.merging(variables) { $1 }, timeout: 20)
    #expect(run.status == 255 && run.outputBytes.isEmpty)
    #expect(run.error.contains("Host key verification failed"), "\(run.error)")
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(hosts.isEmpty)
  }

  /// Starts ssh at a terminal and waits for the question.
  private func asked() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(Executables.ofSystem("ssh"), arguments, environment: home.environment)
    try terminal.expect("The authenticity of host '[127.0.0.1]:\(server.port)")
    try terminal.expect("(yes/no/[fingerprint])? ")
    return terminal
  }

  @Test func theUserAccepts() throws {
    let terminal = try asked()
    terminal.enter("yes")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("signed in"), "\(outcome.shown)")
    #expect(hosts.contains("[127.0.0.1]:\(server.port) ssh-ed25519 "))
  }

  @Test func theUserTypesTheFingerprint() throws {
    let shown = try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-l", "-f", server.knownHosts], environment: home.environment)
    let fingerprint = try #require(shown.output.split(separator: " ").first { $0.hasPrefix("SHA256:") })
    let terminal = try asked()
    terminal.enter("SHA256:wrong")
    try terminal.expect("Please type 'yes', 'no' or the fingerprint: ")
    terminal.enter(String(fingerprint))
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("signed in"), "\(outcome.shown)")
  }

  @Test func theUserRefuses() throws {
    let terminal = try asked()
    terminal.enter("no")
    #expect(try terminal.finish().status == 255)
    #expect(hosts.isEmpty)
  }
}
