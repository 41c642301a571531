import Foundation
import Testing

@testable import LockwiseHostSupport

/// Stored secrets that are no longer right: each is offered once.
@Suite struct AskpassStaleSecretTests {
  @Test(.enabled(if: LyingServer.isPossible, LyingServer.requirement))
  func aServerSeesAStalePasswordOnce() throws {
    for method in ["password", "keyboard-interactive"] {
      let home = try AskpassHome()
      let recording = try LyingServer(home, prompts: ["Password: "])
      let port = recording.server.port
      try home.run("save", "ssh", "marie@127.0.0.1:\(port)", input: .text("stale\n")).expectSuccess()
      func connect() throws -> [String] {
        let run = try Run.program(
          Executables.ofSystem("ssh"),
          [
            "-F", recording.server.configuration, "-o", "PreferredAuthentications=\(method)", "-p", "\(port)",
            "marie@127.0.0.1", "true",
          ], environment: home.environment, timeout: 60)
        #expect(run.status == 255, "\(run.error)")
        return recording.takeAnswers()
      }
      // sshd does not pass the empty answers of the method `password` on.
      let empty = method == "password" ? [] : ["", ""]
      #expect(try connect() == ["stale"] + empty)
      #expect(try connect() == (empty.isEmpty ? [] : empty + [""]))
      #expect(try home.logins() == ["ssh://127.0.0.1:\(port) marie stale"])
      // A new password gets a try.
      try home.run("save", "ssh", "marie@127.0.0.1:\(port)", input: .text("fresh\n")).expectSuccess()
      #expect(try connect().first == "fresh")
    }
  }

  /// ssh-add repeats its question without end until there is no answer.
  @Test func sshAddEndsByItself() throws {
    let home = try AskpassHome()
    let agent = try SSHAgent(home)
    let key = try home.makeKey(passphrase: "fresh passphrase")
    try home.run("save", "key", key, input: .text("fresh passphrase\n")).expectSuccess()
    let guid = try #require(try home.vault().logins(atHost: String(fingerprint(of: key, home))).first?.guid)
    try home.change(guid, password: "stale passphrase")
    let calls = home.scratch.root + "/calls"
    try home.scratch.write("#!/bin/sh\necho \"$1\" >>\(calls)\nexit 1\n", to: home.scratch.root + "/fallback")
    let variables = ["SSH_AUTH_SOCK": agent.socket, "LOCKWISE_ASKPASS_FALLBACK": home.scratch.root + "/fallback"]
    func add() throws -> Run {
      try Run.program(
        Executables.ofSystem("ssh-add"), [key], environment: home.environment.merging(variables) { $1 }, timeout: 30)
    }
    #expect(try add().status == 1)
    #expect(
      try String(contentsOfFile: calls, encoding: .utf8) == "Bad passphrase, try again for \(key): \n")
    unlink(calls)
    // The next one does not get the stale passphrase at all.
    #expect(try add().status == 1)
    #expect(try String(contentsOfFile: calls, encoding: .utf8) == "Enter passphrase for \(key): \n")
    try home.change(guid, password: "fresh passphrase")
    try add().expectSuccess()
  }

  /// Returns the fingerprint in hexadecimal digits.
  private func fingerprint(of key: String, _ home: AskpassHome) throws -> String {
    let shown = try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-l", "-f", key + ".pub"], environment: home.environment
    ).output
    let text = try #require(shown.split(separator: " ").dropFirst().first?.dropFirst("SHA256:".count))
    let digest = try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
    return digest.map { String(format: "%02x", $0) }.joined()
  }
}
