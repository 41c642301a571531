import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// New logins, and logins that Firefox would treat as one that exists.
@Suite struct LoginEditorTests {
  private let test: TestVault
  private let now: Milliseconds = 1_800_000_000_000

  init() throws { test = try TestVault(logins: 2) }

  private var editor: LoginEditor { LoginEditor(vault: test.vault) { now } }

  private func draft(_ number: Int, password: String = "new", lockwise: String? = nil) -> LoginDraft {
    var draft = LoginDraft(
      origin: "https://host\(number).example", target: .realm("r"), username: "user\(number)",
      password: SecretBytes(utf8: password))
    if let lockwise { draft.members = [(LockwiseMember.name, SecretBytes(utf8: lockwise))] }
    return draft
  }

  private func lockwise(_ login: LoginRecord?) -> String? { login?.lockwise?.exposedText() }

  @Test func aNewLoginIsInTheVaultAndTheOutbox() throws {
    for (number, add) in [(7, LoginEditor.add), (8, LoginEditor.addNew)] {
      let login = try add(editor)(draft(number, lockwise: #"{"notes":"n\n"}"#))
      #expect(login.guid.hasPrefix("{") && login.guid.count == 38)
      #expect(login.timeCreated == now && login.timePasswordChanged == now)
      let reopened = try test.reopen()
      #expect(try reopened.login(guid: login.guid)?.json == login.json)
      let entry = try #require(try reopened.outbox().first { $0.guid == login.guid })
      #expect(entry.base == nil && !entry.isDeletion && !entry.wasSent && entry.changed == now)
    }
    #expect(try test.reopen().loginCount() == 4 && test.reopen().outbox().count == 2)
  }

  @Test func aLoginThatMustNotExistIsRefused() throws {
    #expect(throws: LoginEditor.Failure.duplicate(of: "{guid-1}")) { try editor.addNew(draft(1)) }
    #expect(try test.reopen().outbox().isEmpty && test.passwords(at: "https://host1.example") == ["password 1"])
    // Another realm is another login.
    var other = draft(1)
    other.target = .realm("other")
    #expect(try editor.addNew(other).guid != "{guid-1}")
    #expect(try test.reopen().loginCount() == 3)
  }

  @Test func anExistingLoginGetsPasswordAndMembers() throws {
    let known = try TestVault.login(1)
    let login = try editor.add(draft(1, lockwise: #"{"git":{"authtype":"x"}}"#))
    #expect(login.guid == "{guid-1}" && login.password.exposedText() == "new")
    #expect(login.timePasswordChanged == now && login.timeCreated == known.timeCreated)
    #expect(login.unknownMembers.map(\.name) == ["somethingUnknown", LockwiseMember.name])
    #expect(lockwise(login) == #"{"git":{"authtype":"x"}}"#)
    let entry = try #require(try test.reopen().outbox().first)
    #expect(entry.guid == "{guid-1}" && entry.base == known.json)
    #expect(try test.reopen().loginCount() == 2)
  }

  /// What the draft does not have stays: another program wrote it.
  @Test func theMembersOfLockwiseAreMerged() throws {
    try editor.add(draft(1, lockwise: #"{"name":"Shopping/books","notes":"old\n","git":{"created":1}}"#))
    let login = try editor.add(draft(1, password: "newer", lockwise: #"{"git":{"created":2},"docker":{}}"#))
    let member = LockwiseMember.object(login.lockwise)
    #expect(login.ownEntryName == "Shopping/books" && member["notes"]?.string == "old\n")
    #expect(member["git"]?.raw.exposedText() == #"{"created":2}"# && member["docker"]?.raw.exposedText() == "{}")
    #expect(try test.reopen().logins(named: "Shopping/books").map(\.guid) == ["{guid-1}"])
    // A draft without the member leaves it alone.
    #expect(try lockwise(editor.add(draft(1, password: "newest"))) == lockwise(login))
  }

  @Test func anEqualDraftWritesNothing() throws {
    try editor.add(draft(1, password: "password 1"))
    #expect(try test.reopen().outbox().isEmpty)
  }

  @Test func draftsThatFirefoxWouldRefuseAreRefused() throws {
    for add in [LoginEditor.add, LoginEditor.addNew] {
      #expect(throws: LoginRecordError.noPassword) { try add(editor)(draft(5, password: "")) }
    }
    #expect(try test.reopen().loginCount() == 2 && test.reopen().outbox().isEmpty)
  }

  @Test func aTransactionIsUndoneAsAWhole() throws {
    var hasFound = false
    #expect(throws: LoginEditor.Failure.duplicate(of: "{guid-0}")) {
      try editor.transaction { editor in
        let login = try editor.addNew(draft(5))
        // What was added here is found here.
        hasFound = try editor.login(guid: login.guid)?.json == login.json
        try editor.addNew(draft(0))
      }
    }
    #expect(hasFound)
    #expect(try test.reopen().loginCount() == 2 && test.reopen().outbox().isEmpty)
  }

  @Test func aLoginOfTheSameTransactionExists() throws {
    try editor.transaction { editor in
      let login = try editor.addNew(draft(5))
      #expect(throws: LoginEditor.Failure.duplicate(of: login.guid)) { try editor.addNew(draft(5)) }
      #expect(try editor.add(draft(5, password: "newer")).guid == login.guid)
    }
    #expect(try test.passwords(at: "https://host5.example") == ["newer"])
  }
}
