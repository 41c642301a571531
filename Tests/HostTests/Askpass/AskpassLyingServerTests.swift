import Foundation
import Testing

@testable import LockwiseHostSupport

/// A server that asks for what it must not get.
@Suite(.enabled(if: LyingServer.isPossible, LyingServer.requirement))
final class AskpassLyingServerTests {
  private static let secret = "the account's own"

  /// Texts that a server can send, `%k` being the path of a key, `%n` this machine and `%p` the server's port.
  private static let prompts = [
    "bob@bank.example's password: ", "marie@bank.example's password: ", "pierre@127.0.0.1's password: ",
    "marie@127.0.0.1:%p's password: ", "marie@localhost's password: ", "(marie@bank.example) Password: ",
    "(bob@bank.example) bob@bank.example's password: ", "Password: ) Password: ",
    "x) Password: ", "bob@bank.example) Password: ", "\rbob@bank.example's password: ",
    "\u{1B}[2K\u{1B}[Gbob@bank.example's password: ", "bob@bank.example's password: \u{8}", "\nPassword: ",
    "Enter passphrase for key '%k': ", "Enter passphrase for %k: ", "Enter passphrase for %k (will confirm each use): ",
    "Enter passphrase for \"%k\": ", "Enter passphrase: ", "Enter old passphrase: ",
    "Bad passphrase, try again for %k: ", "[sudo] password for marie: ", "[sudo] Passwort für marie: ",
    "[sudo: authenticate] Password: ", "Username for 'https://bank.example': ",
    "Password for 'https://bob@bank.example': ", "Password for \"https://bob@bank.example\"",
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
    "Are you sure you want to continue connecting (yes/no)? ", "Please type 'yes', 'no' or the fingerprint: ",
    "Please type 'yes' or 'no': ", "Accept updated hostkeys? (yes/no): ", "Enter PIN for authenticator: ",
    "Enter new passphrase (empty for no passphrase): ", "Enter same passphrase again: ", "Current password: ",
    "New password: ", "Retype new password: ", "Enter marie@127.0.0.1's old password: ", "Enter lock password: ",
    "Username: ", "Verification code: ", "Password", "PASSWORD: ", "Password for marie: ", "marie's password: ",
    "--help", "--version", "save", "explain", "",
  ]

  private let home: AskpassHome
  private let key: String

  init() throws {
    home = try AskpassHome([
      .init("ssh://127.0.0.1", realm: "ssh", "marie", "default port"),
      .init("ssh://127.0.0.1:1", realm: "ssh", "marie", "another port"),
      .init("ssh://127.0.0.1", realm: "ssh", "pierre", "another user"),
      .init("ssh://localhost", realm: "ssh", "marie", "another name"),
      .init("ssh://bank.example", realm: "ssh", "bob", "the bank's"),
      .init("ssh://bank.example", realm: "ssh", "marie", "the bank's"),
      .init("https://bank.example", "bob", "the bank's web site"),
      .init("sudo://\(ProcessInfo.processInfo.hostName)", realm: "sudo", "marie", "sudo's"),
    ])
    key = try home.makeKey(passphrase: "the key's")
    try home.run("save", "key", key, input: .text("the key's\n")).expectSuccess()
  }

  /// Connects to a server that sends all prompts, and returns the answers that it got, each with its prompt.
  private func answers(
    to prompts: [String], client: String, _ options: [String] = [], user: String = "marie"
  ) throws -> [(prompt: String, answer: String)] {
    let lying = try LyingServer(home, prompts: prompts)
    let port = lying.server.port
    try home.run(
      "save", "ssh", "\(user)@127.0.0.1:\(port)", input: .text(Self.secret + "\n")
    ).expectSuccess()
    for login in try home.vault().logins(atHost: "127.0.0.1") { #expect(login.password.count > 0) }
    let run = try Run.program(
      client,
      [
        "-F", lying.server.configuration, "-o", "PreferredAuthentications=keyboard-interactive", "-o",
        "NumberOfPasswordPrompts=1", "-p", "\(port)", "-l", user,
      ] + options + ["127.0.0.1", "true"], environment: home.environment, timeout: 60)
    #expect(run.status == 255)
    let answers = lying.takeAnswers()
    #expect(answers.count == prompts.count, "\(run.error)")
    return zip(prompts, answers).map { ($0, $1) }
  }

  private func lies() -> [String] {
    Self.prompts.map {
      $0.replacing("%k", with: key).replacing("%n", with: ProcessInfo.processInfo.hostName)
    }
  }

  @Test func onlyTheAccountsOwnLoginIsSent() throws {
    let plain = ["Password:", "Password: ", "password:", "password: ", "marie@127.0.0.1's password: "]
    for (prompt, answer) in try answers(to: lies() + plain, client: Executables.ofSystem("ssh")) {
      #expect(answer == (plain.contains(prompt) ? Self.secret : ""), "\(prompt.debugDescription)")
    }
  }

  /// Before OpenSSH 8.5, ssh shows the server's text alone.
  @Test(.enabled(if: OldSSHClient.isPossible, OldSSHClient.requirement))
  func anOldClientIsToldWithoutThePrefix() throws {
    let client = try OldSSHClient.make(in: home)
    let plain = ["marie@127.0.0.1's password: "]
    let publicTexts = ["--help", "--version"]
    for (prompt, answer) in try answers(to: lies() + plain, client: client) where !publicTexts.contains(prompt) {
      #expect(answer == (plain.contains(prompt) ? Self.secret : ""), "\(prompt.debugDescription)")
    }
  }

  /// ssh rejects most of these, but not in its configuration file, and versions before 9.6 none.
  @Test(arguments: [
    "bob@bank.example", "bob@bank.example's password: ", "bob@bank.example) Password: ", "marie@bank.example) marie",
    "(bob", "[sudo] password for marie: ",
  ])
  func usersThatLookLikePromptsGetNothingOfOthers(user: String) throws {
    let lying = try LyingServer(home, prompts: ["Password: ", "\(user)@127.0.0.1's password: "])
    try lying.server.configure("Host lie\n  HostName 127.0.0.1\n  Port \(lying.server.port)\n  User \"\(user)\"\n")
    let old = OldSSHClient.isPossible ? [try OldSSHClient.make(in: home)] : []
    for client in [try Executables.ofSystem("ssh")] + old {
      _ = try Run.program(
        client,
        [
          "-F", lying.server.configuration, "-o", "PreferredAuthentications=keyboard-interactive", "-o",
          "NumberOfPasswordPrompts=1", "lie", "true",
        ], environment: home.environment, timeout: 60)
      #expect(lying.takeAnswers().allSatisfy { $0.isEmpty })
    }
  }
}
