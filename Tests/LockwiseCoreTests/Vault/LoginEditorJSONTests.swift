import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Operations on whole records in JSON.
@Suite struct LoginEditorJSONTests {
  private func editor(_ vault: Vault, now: Milliseconds = 1_800_000_000_000) -> LoginEditor {
    LoginEditor(vault: vault) { now }
  }

  private func record(
    _ number: Int, password: String = "new", username: String? = nil, extra: String = ""
  ) -> SecretBytes {
    let json = LoginJSON(
      origin: "https://host\(number).example", username: username ?? "user\(number)", password: password)
    return SecretBytes(utf8: json.text.dropLast() + extra + "}")
  }

  @Test func replacesEveryMemberAsGiven() throws {
    let test = try TestVault(logins: 2)
    let known = try TestVault.login(0)
    let json = record(0, extra: ",\"timePasswordChanged\":1900000000000,\"mine\":[ 1.0]")
    let login = try editor(test.vault).replace(guid: "{guid-0}", json: json)
    let rest = try #require(json.exposedText()).dropFirst()
    #expect(login.json.exposedText() == "{\"id\":\"{guid-0}\"," + rest)
    let reopened = try test.reopen()
    #expect(try reopened.login(guid: "{guid-0}")?.json == login.json)
    let entry = try #require(try reopened.outbox().first)
    #expect(entry.guid == "{guid-0}" && entry.base == known.json && !entry.isDeletion)
    #expect(try reopened.loginCount() == 2)
  }

  @Test func timePasswordChangedIsSetUnlessGiven() throws {
    let test = try TestVault(logins: 1)
    #expect(try editor(test.vault, now: 5).replace(guid: "{guid-0}", json: record(0)).timePasswordChanged == 5)
    let same = try editor(test.vault, now: 6).replace(
      guid: "{guid-0}", json: record(0, extra: ",\"timePasswordChanged\":5,\"x\":1"))
    #expect(same.timePasswordChanged == 5, "the password is the same")
    let stale = try editor(test.vault, now: 7).replace(
      guid: "{guid-0}", json: record(0, password: "newer", extra: ",\"timePasswordChanged\":5,\"x\":1"))
    #expect(stale.timePasswordChanged == 7)
    #expect(stale.unknownMembers.map(\.name) == ["x"])
    let given = try editor(test.vault, now: 8).replace(
      guid: "{guid-0}", json: record(0, password: "newest", extra: ",\"timePasswordChanged\":9"))
    #expect(given.timePasswordChanged == 9)
  }

  @Test func invalidReplacementsAreRefused() throws {
    let test = try TestVault(logins: 2)
    #expect(throws: LoginEditor.Failure.noSuchLogin) {
      try editor(test.vault).replace(guid: "{guid-7}", json: record(7))
    }
    #expect(throws: LoginEditor.Failure.duplicate(of: "{guid-1}")) {
      try editor(test.vault).replace(guid: "{guid-0}", json: record(1))
    }
    #expect(throws: LoginRecordError.noPassword) {
      try editor(test.vault).replace(guid: "{guid-0}", json: record(0, password: ""))
    }
    #expect(throws: LoginRecordError.idMismatch) {
      try editor(test.vault).replace(guid: "{guid-0}", json: record(0, extra: ",\"id\":\"{guid-1}\""))
    }
    #expect(throws: LoginRecordError.notAnObject) {
      try editor(test.vault).replace(guid: "{guid-0}", json: SecretBytes(utf8: "[]"))
    }
    #expect(try test.reopen().outbox().isEmpty)
  }

  @Test func anEqualRecordChangesNothing() throws {
    let test = try TestVault(logins: 1)
    try editor(test.vault).replace(guid: "{guid-0}", json: TestVault.login(0).json)
    #expect(try test.reopen().outbox().isEmpty)
  }

  @Test func recordsAreAddedUnderTheirOrANewID() throws {
    let test = try TestVault(logins: 1)
    let given = try editor(test.vault).add(json: record(8, extra: ",\"timeCreated\":3,\"mine\":null"), guid: "given")
    #expect(given.guid == "given" && given.timeCreated == 3 && given.timePasswordChanged == 1_800_000_000_000)
    #expect(given.unknownMembers.map(\.name) == ["mine"])
    let made = try editor(test.vault).add(json: record(9), guid: nil)
    #expect(made.guid.hasPrefix("{") && made.guid.count == 38 && made.timeCreated == 1_800_000_000_000)
    let reopened = try test.reopen()
    #expect(Set(try reopened.outbox().map(\.guid)) == ["given", made.guid])
    #expect(try reopened.outbox().allSatisfy { $0.base == nil })
    #expect(try reopened.loginCount() == 3)
    #expect(throws: LoginEditor.Failure.duplicate(of: "given")) {
      try editor(test.vault).add(json: record(10), guid: "given")
    }
  }

  @Test func aDuplicateIsChangedInstead() throws {
    let test = try TestVault(logins: 1)
    let login = try editor(test.vault).add(json: record(0, extra: ",\"mine\":1"), guid: "another")
    #expect(login.guid == "{guid-0}")
    #expect(login.unknownMembers.map(\.name) == ["somethingUnknown", "mine"])
    #expect(login.password.exposedText() == "new" && login.timePasswordChanged == 1_800_000_000_000)
    #expect(try test.reopen().loginCount() == 1)
  }

  @Test func aDeletedLoginCanBeAddedAgain() throws {
    let test = try TestVault(logins: 1)
    let known = try TestVault.login(0)
    try editor(test.vault).delete(guid: "{guid-0}")
    try editor(test.vault).add(json: record(0), guid: "{guid-0}")
    let entry = try #require(try test.reopen().outbox().first)
    #expect(!entry.isDeletion && entry.base == known.json)
    #expect(try test.passwords(at: "https://host0.example") == ["new"])
  }
}
