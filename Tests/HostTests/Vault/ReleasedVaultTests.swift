import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Vaults that released versions made (`Tests/Fixtures/vaults`). Every format that was released can be read forever.
@Suite struct ReleasedVaultTests {
  /// A format without a vault could break unnoticed. That of this version gets one with its first release.
  @Test func thereIsAVaultOfEachReleasedFormat() {
    #expect(Set(3..<max(4, VaultSchema.version)).isSubset(of: ReleasedVault.formats))
    #expect(ReleasedVault.formats.allSatisfy { $0 <= VaultSchema.version })
  }

  @Test(.needsKeyring, arguments: ReleasedVault.formats) func eachSlotOpensIt(format: Int64) throws {
    let released = try ReleasedVault(format: format, isLocked: true)
    #expect(try released.open().loginCount() > 0)
    #expect(try released.home.sync("slots").expectSuccess().lines.count == 3)
    let show = ["show", "--password", "work/ключ"]
    let secret = try #require(released.expected.logins["work/ключ"])
    #expect(try released.run("lockwise-pass", show[0], show[1], show[2]).lines == [secret], "the command")
    try released.configure(command: nil)
    #expect(try released.run("lockwise-pass", show[0], show[1], show[2]).status == 3)
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-pass"), show, environment: released.scratch.environment)
    try terminal.expect("assphrase")
    terminal.enter(released.expected.slots.passphrase)
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains(secret), "the passphrase")
  }

  @Test(arguments: ReleasedVault.formats) func eachProgramFindsItsLogins(format: Int64) throws {
    let released = try ReleasedVault(format: format)
    for (name, password) in released.expected.logins {
      #expect(try released.run("lockwise-pass", "show", "--password", name).lines == [password], "\(name)")
    }
    let git = try released.home.get("protocol=https\nhost=git.example\n\n")
    #expect(git.username == "marie" && git.password == released.expected.logins["git.example/marie"])
    let docker = try released.run("docker-credential-lockwise", "get", input: .text("https://registry.example/v1"))
      .output
    #expect(docker.contains(#""Secret":"registry 13""#), "\(docker)")
    #expect(try released.run("lockwise-env", "read", "later.example/marie").output == "later 4\n")
    let explanation = try released.run("lockwise-askpass", "explain", "marie@box.example's password: ").output
    #expect(explanation.contains("ssh:box.example:2222/marie"), "\(explanation)")
  }

  /// The memory of refusals, the records that were set aside, and what another client deleted.
  @Test(.needsKeyring, arguments: ReleasedVault.formats) func nothingThatItRemembersIsLost(format: Int64) throws {
    let released = try ReleasedVault(format: format)
    let expected = released.expected
    #expect(try released.home.get("protocol=https\nhost=\(expected.refusedByHost)\n\n").output.isEmpty)
    let status = try released.home.status()
    let names = { (key: String) in (status[key] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String } }
    #expect(names("setAside").sorted() == expected.setAside.sorted(), "\(status)")
    #expect((status["notOffered"] as? [Any])?.count == 1, "\(status)")
    #expect((status["refused"] as? [Any])?.count == 1, "\(status)")
    #expect(status["waiting"] as? Int == expected.added.count + 2, "\(status)")
    // lockwise-sync shows them for 30 days.
    let deleted = try released.open().deletedLogins().map(\.login.origin)
    #expect(deleted == ["https://" + expected.deletedElsewhere])
  }

  @Test(arguments: ReleasedVault.formats) func aPullRepairsTheDamagedRow(format: Int64) throws {
    let released = try ReleasedVault(format: format)
    let request = "protocol=https\nhost=\(released.expected.damaged.host)\n\n"
    let before = try released.home.get(request)
    #expect(before.output.isEmpty && before.error.contains("the vault is damaged (logins)"), "\(before.error)")
    #expect(before.error.contains("hint: repair it: lockwise-sync pull"), "\(before.error)")
    let pull = try released.home.sync("pull").expectSuccess()
    #expect(pull.error.contains("the vault was damaged"), "\(pull.error)")
    #expect(try released.home.get(request).password == released.expected.damaged.password)
    for (name, password) in released.expected.logins {
      #expect(try released.run("lockwise-pass", "show", "--password", name).lines == [password], "\(name)")
    }
  }

  /// What was changed on either side before the vault was opened by this version arrives at the other side.
  @Test(.needsKeyring, arguments: ReleasedVault.formats) func itsChangesAreUploaded(format: Int64) throws {
    let released = try ReleasedVault(format: format)
    let (home, expected) = (released.home, released.expected)
    let before = try home.sandbox.storedLogins().values
    var other = try #require(before.first { $0["hostname"] as? String == "https://git.example" })
    other["password"] = "changed elsewhere"
    try home.sandbox.put([other])
    try home.sync("pull").expectSuccess()
    #expect(try home.get("protocol=https\nhost=git.example\n\n").password == "changed elsewhere")
    try home.sync("push").expectSuccess()
    let stored = try home.sandbox.storedLogins()
    let hosts = stored.values.compactMap { $0["hostname"] as? String }
    for host in expected.added { #expect(hosts.contains { $0.contains("//" + host) }, "\(host) in \(hosts)") }
    #expect(stored[expected.changed.id]?["password"] as? String == expected.changed.password)
    #expect(stored[expected.removed] == nil)
    let later = stored.values.first { $0["hostname"] as? String == "https://later.example" }
    #expect(later?["aMemberOfLaterVersions"] is [Any])
    let status = try home.status()
    #expect(status["waiting"] as? Int == 0 && (status["refused"] as? [Any])?.isEmpty == true, "\(status)")
  }

  /// New logins and slots, and a new passphrase.
  @Test(arguments: ReleasedVault.formats) func itIsWritten(format: Int64) throws {
    let released = try ReleasedVault(format: format, isLocked: true)
    let credential = "protocol=https\nhost=written.example\nusername=marie\npassword=written\n\n"
    try released.run("git-credential-lockwise", "store", input: .text(credential)).expectSuccess()
    try released.home.sync("slots", "add", "--key-file", released.scratch.keyFile).expectSuccess()
    for number in ["0", "1", "2"] { try released.home.sync("slots", "remove", number).expectSuccess() }
    try released.configure(command: nil)
    #expect(try released.home.get("protocol=https\nhost=written.example\n\n").password == "written")
    try released.home.sync("push").expectSuccess()
    let stored = try released.home.sandbox.storedLogins().values
    #expect(stored.contains { $0["hostname"] as? String == "https://written.example" })
  }
}
