import Foundation
import Testing

@testable import LockwiseHostSupport

/// Programs that run `pass`, with the configurations of `docs/pass.md`. Each test is skipped where its program is not
/// installed; the transcripts `recipe-pass-*` run the calls of these programs everywhere.
@Suite final class PassFrontEndTests {
  private static let password = "a\"b $HOME `id` \\x;y#z'"

  private let home: PassHome
  private var folder: String { home.environment["HOME", default: ""] }

  init() throws {
    home = try PassHome()
    home.environment["LOCKWISE_NO_PROMPT"] = "1"
    try home.pass("insert", "-m", "mail.example.org/marie", input: .text(Self.password + "\nnote\n")).expectSuccess()
  }

  private static func isInstalled(_ program: String) -> Bool { (try? Executables.ofSystem(program)) != nil }

  /// Returns the lines of the mail recipes that contain a word, without their comments.
  private func recipe(_ word: String) throws -> String {
    let text = try String(contentsOf: Readme.root.appendingPathComponent("docs/pass.md"), encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains(word) && $0.contains("# ~/.") })
    return try #require(line.components(separatedBy: "  ").first)
  }

  @Test(.enabled(if: isInstalled("mutt"), "mutt is not installed")) func muttReadsThePassword() throws {
    try home.scratch.write(recipe("imap_pass") + "\n", to: folder + "/.muttrc")
    let run = try Run.program(
      Executables.ofSystem("mutt"), ["-F", folder + "/.muttrc", "-Q", "imap_pass"], environment: home.environment
    ).expectSuccess()
    let escaped = Self.password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    #expect(run.output == "imap_pass=\"\(escaped)\"\n")
  }

  @Test(.enabled(if: isInstalled("msmtp"), "msmtp is not installed")) func msmtpLogsIn() throws {
    let server = try RunningProgram(
      Executables.ofSystem("python3"), [TestServers.path("smtp-server.py"), "marie", Self.password],
      environment: home.environment)
    defer {
      server.signal(SIGKILL)
      _ = try? server.finish(timeout: 10)
    }
    let ports = try TestServers.ports(of: server, count: 2)
    try home.scratch.write(
      """
      account default
      host 127.0.0.1
      port \(ports[0])
      tls off
      auth plain
      user marie
      from marie@example.org
      \(recipe("passwordeval"))

      """, to: folder + "/.msmtprc")
    try Run.program(
      Executables.ofSystem("msmtp"), ["pierre@example.org"], input: .text("Subject: radium\n\ntext\n"),
      environment: home.environment
    ).expectSuccess()
    let log = try ControlClient(port: #require(UInt16(exactly: ports[1]))).json("GET", "/") as? [[String: Any]] ?? []
    #expect(log.first?["password"] as? String == Self.password)
    #expect(log.count { $0["text"] != nil } == 1)
  }

  @Test(.enabled(if: isInstalled("mbsync"), "mbsync (isync) is not installed")) func mbsyncLogsIn() throws {
    // A server that logs the commands and rejects the login.
    let log = home.scratch.root + "/imap"
    try home.scratch.write(
      """
      #!/bin/sh
      printf '* OK [CAPABILITY IMAP4rev1] ready\\r\\n'
      while IFS= read -r line; do
        printf '%s\\n' "$line" >>'\(log)'
        case $line in
          *LOGIN*) printf '%s NO rejected\\r\\n' "${line%% *}"; exit ;;
          *) printf '* CAPABILITY IMAP4rev1\\r\\n%s OK\\r\\n' "${line%% *}" ;;
        esac
      done

      """, to: home.bin + "/imap-server")
    try home.scratch.write(
      """
      IMAPAccount lab
      Tunnel imap-server
      User marie
      AuthMechs LOGIN
      \(recipe("PassCmd"))

      IMAPStore there
      Account lab

      MaildirStore here
      Inbox \(folder)/mail

      Channel all
      Far :there:
      Near :here:

      """, to: folder + "/.mbsyncrc")
    let run = try Run.program(Executables.ofSystem("mbsync"), ["all"], environment: home.environment)
    #expect(run.status == 1 && run.error.contains("NO rejected"), "\(run.error)")
    let quoted = Self.password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("LOGIN \"marie\" \"\(quoted)\""))
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(
        atPath: "/usr/lib/python3/dist-packages/ansible_collections/community/general/plugins/lookup/passwordstore.py"),
      "the collection community.general of Ansible is not installed"))
  func ansibleReadsAndWrites() throws {
    try home.pass("insert", "-m", "db/production", input: .text("radium 88\nlogin: marie\n")).expectSuccess()
    let lookups = [
      "db/production", "db/production subkey=login", "db/staging create=true", "db/none missing=empty",
      "db/production overwrite=true backup=true userpass=thorium", "db/token create=true subkey=token userpass=1898",
    ]
    let tasks = lookups.map { "    - debug: msg=\"<{{ lookup('community.general.passwordstore', '\($0)') }}>\"" }
    try home.scratch.write(
      "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + tasks.joined(separator: "\n") + "\n",
      to: folder + "/playbook.yml")
    let run = try Run.program(
      Executables.ofSystem("ansible-playbook"), ["-i", "localhost,", "-c", "local", folder + "/playbook.yml"],
      // Its lock there has one name for all users.
      environment: home.environment.merging(["TMPDIR": folder]) { $1 }, timeout: 120
    ).expectSuccess()
    let values = run.output.matches(of: /"msg": "<(.*)>"/).map { String($0.output.1) }
    #expect(values.count == lookups.count, "\(run.output)")
    guard values.count == lookups.count else { return }
    #expect(values[0] == "radium 88" && values[1] == "marie" && values[4] == "thorium")
    #expect(try home.pass("show", "-o", "db/staging").output == values[2] + "\n")
    #expect(["", "[]"].contains(values[3]))
    let body = try home.pass("show", "db/production").expectSuccess().output
    #expect(body.hasPrefix("thorium\nlogin: marie\n") && body.contains("old password was radium 88"))
    let token = try home.pass("show", "db/token").expectSuccess().output
    #expect(token.contains("1898"), "\(token)")
    #expect(try home.pass("history", "--show", "db/production").output.contains("radium 88"))
  }
}
