import LockwiseAccounts
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseSync

/// The merge of a profile's logins with the vault.
@Suite struct LocalPullTests {
  private let fixture: LocalFixture

  init() throws {
    fixture = try LocalFixture()
    fixture.save("a", password: "a1")
    fixture.save("b", password: "b1")
    let result = try fixture.pull()
    #expect(result.extent == .everything && result.added == 2 && result.totalLogins == 2)
  }

  @Test func followsTheProfile() throws {
    fixture.clock.now += 5000
    fixture.save("a", password: "a2")
    fixture.profile["b"] = nil
    fixture.save("c", password: "c1")
    let result = try fixture.pull()
    #expect(result.extent == .changes && (result.added, result.changed, result.removed) == (1, 1, 1))
    #expect(try fixture.passwords() == ["a": "a2", "c": "c1"])
    #expect(try fixture.vault.deletedLogins().map(\.reason) == ["deleted in the profile"])
    #expect(try fixture.vault.outbox().isEmpty)
    let again = try fixture.pull()
    #expect((again.added, again.changed, again.removed) == (0, 0, 0))
  }

  @Test func keepsChangesUntilTheProfilesPasswordChanges() throws {
    try fixture.change("a", password: "mine")
    // A use in Firefox changes the record, not the password.
    fixture.profile["a"]?["timeLastUsed"] = "1999999999999"
    fixture.profile["a"]?["timesUsed"] = "7"
    try fixture.pull()
    #expect(try fixture.passwords()["a"] == "mine")
    #expect(try fixture.vault.localChanges().map(\.kind) == [.changed])
    fixture.clock.now += 5000
    fixture.save("a", password: "theirs")
    try fixture.pull()
    #expect(try fixture.passwords()["a"] == "theirs")
    let login = try #require(try fixture.vault.login(guid: "a"))
    let history = LockwiseMember.history(of: try JSONObject(parsing: login.json))
    #expect(history.map { $0.password.exposedText() } == ["mine"])
  }

  @Test func deletionsStayUntilTheProfilesPasswordChanges() throws {
    fixture.clock.now += 1000
    try fixture.editor.delete(guid: "a")
    try fixture.pull()
    #expect(try fixture.passwords() == ["b": "b1"])
    #expect(try fixture.vault.localChanges() == [LocalChange(guid: "a", name: "a.example/u", kind: .deleted)])
    fixture.clock.now += 5000
    fixture.save("a", password: "a2")
    try fixture.pull()
    #expect(try fixture.passwords()["a"] == "a2")
    #expect(try fixture.vault.outbox().isEmpty)
  }

  @Test func aDeletionInBothPlacesIsOver() throws {
    try fixture.editor.delete(guid: "a")
    fixture.profile["a"] = nil
    try fixture.pull()
    #expect(try fixture.passwords() == ["b": "b1"])
    #expect(try fixture.vault.outbox().isEmpty)
  }

  @Test func keepsNewLoginsAndSettlesImportedOnes() throws {
    let draft = LoginDraft(
      origin: "https://new.example", target: .form(""), username: "u", password: SecretBytes(utf8: "n1"))
    let new = try fixture.editor.add(draft)
    try fixture.pull()
    #expect(try fixture.passwords()[new.guid] == "n1")
    #expect(try fixture.vault.localChanges().map(\.kind) == [.new])
    // Firefox's import keeps the GUID and writes its own times.
    fixture.profile[new.guid] = .whole(
      new.guid, origin: "https://new.example", realm: nil, form: "", password: "n1", time: fixture.clock.now.rawValue)
    try fixture.pull()
    #expect(try fixture.vault.outbox().isEmpty)
    #expect(try fixture.passwords().count == 3)
  }

  /// Firefox gave an imported login a GUID of its own.
  @Test func unitesALoginThatTheProfileHasUnderAnotherGUID() throws {
    let draft = LoginDraft(
      origin: "https://new.example", target: .form(""), username: "u", password: SecretBytes(utf8: "n1"))
    let new = try fixture.editor.add(draft)
    fixture.clock.now += 5000
    fixture.profile["other"] = .whole(
      "other", origin: "https://new.example", realm: nil, form: "", password: "n2", time: fixture.clock.now.rawValue)
    try fixture.pull()
    let passwords = try fixture.passwords()
    #expect(passwords[new.guid] == nil && passwords["other"] == "n2")
    try fixture.pull()
    #expect(try fixture.passwords() == passwords)
  }

  @Test func keepsMembersThatTheProfileLacks() throws {
    var changes = LoginChanges()
    changes.members = [(LockwiseMember.name, SecretBytes(utf8: #"{"notes":"line"}"#))]
    try fixture.editor.change(guid: "a", changes)
    fixture.clock.now += 5000
    fixture.save("a", password: "a2")
    try fixture.pull()
    let login = try #require(try fixture.vault.login(guid: "a"))
    #expect(login.password.exposedText() == "a2")
    #expect(login.lockwise?.exposedText()?.contains("line") == true)
    #expect(try fixture.vault.localChanges().map(\.kind) == [.changed])
  }

  @Test func keepsTheOlderVersionOfAnUnreadableLogin() throws {
    fixture.profile["a"] = nil
    fixture.refused["a"] = "its encryption is damaged, or its key is missing"
    let result = try fixture.pull()
    #expect(result.setAside == 1 && result.keptOlder == 1 && result.removed == 0)
    #expect(try fixture.passwords() == ["a": "a1", "b": "b1"])
    #expect(try fixture.vault.setAsideRecords().map(\.id) == ["a"])
    fixture.refused = [:]
    fixture.save("a", password: "a2")
    try fixture.pull()
    #expect(try fixture.vault.setAsideRecords().isEmpty)
  }

  @Test func changesNothingIfInterrupted() throws {
    fixture.save("a", password: "a2")
    var count = 0
    fixture.shouldStop = {
      count += 1
      return count == 2
    }
    #expect(throws: PullError.interrupted) { try fixture.pull() }
    #expect(try fixture.passwords() == ["a": "a1", "b": "b1"])
  }

  /// The logins of a profile and of the vault's earlier source are united.
  @Test func keepsTheLoginsOfAnotherSource() throws {
    fixture.source = LocalSource(FirefoxProfile(name: "q", directory: "/other", isDefault: true))
    fixture.profile = [:]
    fixture.save("a", password: "a2")
    try fixture.pull()
    #expect(try fixture.passwords() == ["a": "a2", "b": "b1"])
    // The former password is kept in the vault's record.
    #expect(try Set(fixture.vault.localChanges().map(\.guid)) == ["a", "b"])
  }
}
