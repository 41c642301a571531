import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A vault of a later format, in two forms: one with another table, and one that differs in its header only. Every
/// program refuses it with a hint, each in the way of those that run it, and leaves it unchanged.
@Suite struct LaterVaultTests {
  enum Form: CaseIterable {
    case table, header
  }

  private static let later = VaultSchema.version + 1
  private static let error = "error: the vault has format \(later); this version supports format \(VaultSchema.version)"
  private static let hint = "hint: update lockwise; the vault was not changed"

  let home: PassHome

  init() throws { home = try PassHome() }

  /// Changes the format of the vault.
  private func advance(_ form: Form) throws {
    let connection = try SQLiteConnection(path: home.scratch.vaultFile, mode: .readWrite)
    switch form {
    case .table: try connection.run("PRAGMA user_version=\(Self.later); CREATE TABLE later(id INTEGER PRIMARY KEY)")
    case .header:
      let text = Array(
        #"{"format":"lockwise-vault","version":\#(Self.later),"id":"00112233445566778899aabbccddeeff"}"#.utf8)
      let update = try connection.prepare("UPDATE header SET body=? WHERE id=?")
      try update.bind(2, Int64(1))
      try update.run(binding: VaultSchema.withDigest(text), at: 1)
      try connection.run("PRAGMA user_version=\(Self.later)")
    }
  }

  private func run(_ program: String, _ arguments: [String], _ input: String) throws -> Run {
    try Run.program(
      Executables.path(program), arguments, input: .text(input), environment: home.environment)
  }

  @Test(
    arguments: Form.allCases,
    [
      ("lockwise-pass", ["ls"], "", 7), ("lockwise-pass", ["show", "a.example/x"], "", 7),
      ("lockwise-pass", ["insert", "-m", "a.example/x"], "secret\n", 7),
      ("lockwise-env", ["read", "a.example/x"], "", 7), ("lockwise-env", ["ref"], "", 7),
      ("lockwise-askpass", ["save", "ssh", "a@b.example"], "secret\n", 7),
      ("lockwise-sync", ["pull"], "", 7), ("lockwise-sync", ["push"], "", 7), ("lockwise-sync", ["status"], "", 7),
      ("lockwise-sync", ["unlock"], "", 7), ("lockwise-sync", ["slots"], "", 7),
      ("lockwise-sync", ["get", "passwords"], "", 7), ("lockwise-sync", ["logout"], "", 7),
      ("lockwise-sync", ["export", "--yes", "-o", "-"], "", 7),
      // git goes on with its next helper, docker has one status for every failure, and below 125 is that of a command.
      ("git-credential-lockwise", ["get"], "protocol=https\nhost=a.example\n\n", 0),
      ("git-credential-lockwise", ["store"], "protocol=https\nhost=a.example\nusername=a\npassword=b\n\n", 1),
      ("git-credential-lockwise", ["erase"], "protocol=https\nhost=a.example\nusername=a\npassword=b\n\n", 1),
      ("lockwise-env", ["run", "A=lockwise://a.example/x", "true"], "", 125),
      ("docker-credential-lockwise", ["get"], "https://a.example", 1),
      ("docker-credential-lockwise", ["list"], "", 1),
    ] as [(String, [String], String, Int32)])
  func isRefused(form: Form, call: (program: String, arguments: [String], input: String, status: Int32)) throws {
    try advance(form)
    let before = try home.scratch.readVault()["vault.db"]
    let run = try run(call.program, call.arguments, call.input)
    #expect(run.ending == .exited(call.status), "\(run.error)")
    #expect(run.errorLines.contains("\(call.program): \(Self.error)"), "\(run.error)")
    #expect(run.errorLines.contains("\(call.program): \(Self.hint)"), "\(run.error)")
    #expect(call.program.hasPrefix("docker") || run.output.isEmpty, "\(run.output)")
    #expect(try home.scratch.readVault()["vault.db"] == before)
  }

  /// ssh asks: without the vault the user would be asked, who is not there.
  @Test(arguments: Form.allCases) func askpassReportsIt(form: Form) throws {
    try advance(form)
    let run = try run("lockwise-askpass", ["Password for 'https://marie@a.example': "], "")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.error.contains(Self.error) && run.error.contains(Self.hint), "\(run.error)")
  }
}
