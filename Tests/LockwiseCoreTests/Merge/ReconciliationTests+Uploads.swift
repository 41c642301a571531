import Testing

@testable import LockwiseCore

/// Uploads without a response.
extension ReconciliationTests {
  private func entry(sent: [SecretBytes], isDeletion: Bool = false, changed: Milliseconds = 5) -> OutboxEntry {
    var entry = OutboxEntry(guid: Self.guid, isDeletion: isDeletion, base: text(), changed: changed)
    for json in sent { _ = entry.recordUpload(json) }
    return entry
  }

  /// The upload in another order with other white space, and much later than the local change by the clock.
  @Test func anUploadIsRecognisedWhateverTheClockSays() throws {
    let sent = text(["password": "\"first\""])
    let theirs = try LoginRecord(
      json: SecretBytes(
        utf8: "{ \"password\": \"f\\u0069rst\","
          + (sent.exposedText() ?? "").dropFirst().replacing("\"password\":\"first\",", with: "")),
      bsoID: Self.guid)
    let entry = entry(sent: [text(["password": "\"zeroth\""]), sent])
    let ours = try record(["password": "\"second\""])
    guard case .keepLocal = Reconciliation(entry: entry, local: ours).outcome(for: .login(theirs), writtenAt: 1000)
    else {
      Issue.record("an earlier upload replaced the newer value")
      return
    }
    guard case .keepLocal = Reconciliation(entry: entry, local: nil).outcome(for: .login(theirs), writtenAt: 1000)
    else {
      Issue.record("an earlier upload undid the deletion")
      return
    }
    guard case .acceptUpstream = Reconciliation(entry: entry, local: theirs).outcome(for: .login(theirs), writtenAt: 1)
    else {
      Issue.record("an equal version of the server was not accepted")
      return
    }
  }

  /// A different time means a change of another client.
  @Test func anUploadIsComparedWithItsTimes() throws {
    let entry = entry(sent: [text(["password": "\"first\""])])
    let theirs = try record(["password": "\"first\"", "timePasswordChanged": "101"])
    let outcome = Reconciliation(entry: entry, local: nil).outcome(for: .login(theirs), writtenAt: 1000)
    guard case .acceptUpstream = outcome else {
      Issue.record("a later edit of another client was deleted")
      return
    }
  }

  @Test func onlyThisClientsTombstoneIsRecognised() throws {
    let mark = Tombstone(guid: Self.guid)
    let entry = entry(sent: [mark.json])
    for (upstream, isKept) in [(mark, true), (Tombstone(guid: Self.guid, unitedWith: "x"), false)] {
      let outcome = Reconciliation(entry: entry, local: try record()).outcome(
        for: .tombstone(upstream), writtenAt: 1000)
      if case .keepLocal = outcome { #expect(isKept) } else { #expect(!isKept) }
    }
  }

  /// Another client changed one member of our upload. The other members of its record are not its changes.
  @Test func anUploadedValueIsNotAChangeOfTheServer() throws {
    var members: KeyValuePairs<String, String?> {
      ["password": "\"first\"", "note": "1", "lockwise": "{\"name\":\"first\"}", "timesUsed": "5"]
    }
    let theirs = try record([
      "password": "\"first\"", "note": "1", "lockwise": "{\"name\":\"first\"}", "timesUsed": "5", "username": "\"x\"",
    ])
    let ours = try record([
      "password": "\"second\"", "note": "2", "lockwise": "{\"name\":\"second\"}", "timesUsed": "6",
    ])
    let outcome = Reconciliation(entry: entry(sent: [text(members)]), local: ours)
      .outcome(for: .login(theirs), writtenAt: 1000)
    guard case .merged(let login) = outcome else {
      Issue.record("not merged")
      return
    }
    #expect(login.password.exposedText() == "second" && login.username == "x" && login.timesUsed == 6)
    #expect(login.lockwise?.exposedText() == "{\"name\":\"second\"}" && login.formerPasswords.isEmpty)
    #expect(login.unknownMembers.contains { $0.name == "note" && $0.json.exposedText() == "2" })
  }

  /// The storage was emptied, our upload never arrived, and another client uploaded its older version first.
  @Test func anUploadWithoutAResponseIsNotABase() throws {
    let ours = try record(["password": "\"new\"", "timePasswordChanged": "200", "note": "1"])
    var entry = OutboxEntry(guid: Self.guid, base: nil, changed: 5)
    _ = entry.recordUpload(ours.json)
    let theirs = try record(["password": "\"old\"", "timePasswordChanged": "100"])
    let outcome = Reconciliation(entry: entry, local: ours).outcome(for: .login(theirs), writtenAt: 1000)
    guard case .merged(let login) = outcome else {
      Issue.record("an older version replaced the newer one")
      return
    }
    #expect(login.password.exposedText() == "new")
    #expect(login.unknownMembers.contains { $0.name == "note" })
  }

  @Test func theListOfUploadsIsBoundedAndSealed() throws {
    var entry = OutboxEntry(guid: Self.guid, base: nil, changed: 1)
    for number in 0..<40 {
      let isNew = entry.recordUpload(text(["n": "\(number)"]))
      #expect(isNew)
    }
    let isNew = entry.recordUpload(text(["n": "39"]))
    #expect(!isNew, "recorded twice")
    #expect(entry.sent == (24..<40).map { text(["n": "\($0)"]) })
    let again = try #require(OutboxEntry(text: entry.text))
    #expect(again.sent == entry.sent && again.wasSent)
    entry.recordServerVersion(text())
    #expect(entry.sent.isEmpty && entry.base == text())
    #expect(
      OutboxEntry(
        text: SecretBytes(utf8: #"{"guid":"g","deletion":false,"changed":1,"revision":1,"sent":true,"unanswered":[1]}"#)
      ) == nil)
  }

  /// The password was changed here, then by another client, then a note was added here.
  @Test func aLaterChangeOfAnotherMemberMakesNoPasswordNewer() throws {
    let theirs = try record(["password": "\"second\"", "timePasswordChanged": "7"])
    for sent in [[], [text(["password": "\"first\"", "timePasswordChanged": "5"])]] {
      let entry = entry(sent: sent, changed: 9)
      let local = try record(["password": "\"first\"", "timePasswordChanged": "5", "note": "1"])
      let outcome = Reconciliation(entry: entry, local: local).outcome(for: .login(theirs), writtenAt: 7)
      guard case .merged(let merged) = outcome else {
        Issue.record("not merged")
        continue
      }
      #expect(merged.password.exposedText() == "second")
      #expect(merged.unknownMembers.contains { $0.name == "note" })
      let history = LockwiseMember.history(of: try JSONObject(parsing: merged.json))
      #expect(history.map { $0.password.exposedText() } == ["first"])
    }
  }

  /// Another client merged our uploads with one of its own whose response it had lost. A deletion here is kept, whatever
  /// the clocks say, unless there is a password that we have not seen.
  @Test(arguments: [("first", true), ("unseen", false)]) func aMergeWithNothingNewUndoesNoDeletion(
    former: String, isKept: Bool
  ) throws {
    let base = text(["password": "\"first\"", "timePasswordChanged": "200"])
    let sent = text(["password": "\"second\"", "timePasswordChanged": "300"])
    var entry = OutboxEntry(guid: Self.guid, isDeletion: true, base: base, changed: 900)
    _ = entry.recordUpload(sent)
    let history = #"{"passwordHistory":[{"password":"\#(former)","time":200}]}"#
    let theirs = try record(["password": "\"second\"", "timePasswordChanged": "300", "lockwise": history])
    let outcome = Reconciliation(entry: entry, local: nil).outcome(for: .login(theirs), writtenAt: 1000)
    if case .keepLocal = outcome {
      #expect(isKept)
    } else {
      #expect(!isKept)
    }
  }
}
