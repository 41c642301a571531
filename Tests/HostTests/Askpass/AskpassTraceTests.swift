import Foundation
import Testing

@testable import LockwiseHostSupport

/// The system calls of an answer, and what it leaves on the disk.
@Suite(.needsKeyring) struct AskpassTraceTests {
  private static let password = "pitchblende 1898 ü"

  /// Runs an answer to a question of git under strace, which is then the process that asks.
  @Test(.needsTextsInTrace) func writesOnlyTheRecordOfTheTryForGit() throws {
    let home = try AskpassHome([.init("https://git.example", "marie", Self.password)])
    let prompt = "Password for 'https://marie@git.example': "
    try home.ask(prompt, by: "git").expectSuccess()
    let (trace, run) = try SystemCallTrace.of(
      home.program, [prompt], input: .none, environment: home.environment, in: home.scratch.root)
    #expect(run.output == Self.password + "\n")
    check(trace, home)
  }

  @Test(.needsTextsInTrace) func writesOnlyTheRecordOfTheTryForAKey() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.password)
    try home.run("save", "key", key, input: .text(Self.password)).expectSuccess()
    let prompt = "Enter passphrase for \(key): "
    try home.ask(prompt, by: "ssh-add").expectSuccess()
    // strace under the name of ssh-add is the process that asks.
    let strace = home.scratch.root + "/ssh-add"
    try Spawn.alone { try FileManager.default.copyItem(atPath: Executables.ofSystem("strace"), toPath: strace) }
    let log = home.scratch.root + "/trace"
    let run = try Run.program(
      strace, ["-f", "-y", "-s", "256", "-o", log, home.program, prompt], environment: home.environment)
    #expect(run.output == Self.password + "\n", "\(run.error)")
    check(try SystemCallTrace(parsing: String(contentsOfFile: log, encoding: .utf8)), home)
  }

  private func check(_ trace: SystemCallTrace, _ home: AskpassHome, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(trace.processes == 1, sourceLocation: sourceLocation)
    #expect(trace.outward.isEmpty, "\(trace.outward)", sourceLocation: sourceLocation)
    #expect(trace.syncs.isEmpty, "\(trace.syncs)", sourceLocation: sourceLocation)
    let outside = trace.writes(outside: home.scratch.vault)
    #expect(outside.isEmpty, "\(outside)", sourceLocation: sourceLocation)
    // Only the file of the tries in the vault's directory. SQLite's shared memory has no content of the vault.
    let written = Set(
      trace.writes(outside: "/nowhere").compactMap { $0.descriptor ?? $0.path }.map {
        ($0 as NSString).standardizingPath
      })
    let tries = (home.scratch.vault as NSString).standardizingPath + "/askpass-tries"
    #expect(
      written.allSatisfy { $0 == tries || $0.hasSuffix("-shm") || $0.hasSuffix("vault.db-wal") }, "\(written)",
      sourceLocation: sourceLocation)
    #expect(written.contains(tries), sourceLocation: sourceLocation)
  }

  /// Neither prompts nor hosts, paths or secrets are in the vault's directory in clear.
  @Test func leavesNothingReadable() throws {
    let home = try AskpassHome([.init("https://git.example", "marie", Self.password)])
    let key = try home.makeKey("secret-key-name", passphrase: Self.password)
    try home.run("save", "key", key, input: .text(Self.password)).expectSuccess()
    try home.run("save", "ssh", "pierre.curie@ssh-host.example", input: .text("second password")).expectSuccess()
    for _ in 0..<2 {
      _ = try home.run("Password for 'https://marie@git.example': ")
      _ = try home.ask("Enter passphrase for \(key): ", by: "ssh-add")
      _ = try home.ask("pierre.curie@ssh-host.example's password: ", by: "ssh")
    }
    var search = SecretSearch()
    for text in [
      "git.example", "marie@git", Self.password, "secret-key-name", "ssh-host.example", "pierre.curie",
      "second password",
      "Enter passphrase", "Password for",
    ] { search.add(text, text) }
    let files = try home.scratch.readVault()
    #expect(files["askpass-tries"]?.isEmpty == false)
    for (name, content) in files { #expect(search.found(in: content) == [], "\(name)") }
  }

  /// A passphrase that is tried reaches ssh-keygen on standard input only.
  @Test(.needsTextsInTrace) func passesNoSecretAsAnArgument() throws {
    let home = try AskpassHome()
    let key = try home.makeKey(passphrase: Self.password)
    let (trace, run) = try SystemCallTrace.of(
      home.program, ["save", "key", key], input: .text(Self.password + "\n"), environment: home.environment,
      in: home.scratch.root)
    run.expectSuccess()
    let programs = trace.calls.filter { $0.name.hasPrefix("exec") }
    #expect(programs.contains { $0.arguments.contains("ssh-keygen") })
    for call in programs { #expect(!call.arguments.contains("pitchblende"), "\(call)") }
  }

  /// The file of the tries stays small.
  @Test func keepsTheRecordShort() throws {
    let home = try AskpassHome([.init("https://git.example", "marie", Self.password)])
    let script = "for n in $(seq 150); do \"$0\" --foreground 9 \"$1\" \"$2\" >/dev/null || exit 1; done"
    try Run.program(
      "/bin/sh",
      ["-c", script, home.copiedAsker("git"), home.program, "Password for 'https://marie@git.example': "],
      environment: home.environment
    ).expectSuccess()
    let size = try home.scratch.readVault()["askpass-tries"]?.count ?? 0
    #expect(size > 0 && size % 32 == 0 && size <= 128 * 32, "\(size)")
  }
}
