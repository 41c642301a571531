import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The reconciliation of a login's base, local and server versions.
@Suite struct ReconciliationTests {
  static let guid = "{11111111-2222-4333-8444-555555555555}"

  /// Returns a record with these members in addition to common ones; `nil` removes a member.
  func text(_ members: KeyValuePairs<String, String?> = [:]) -> SecretBytes {
    var login = LoginJSON.whole(Self.guid, origin: "https://a.example", realm: "r", time: 100)
    for (name, value) in members {
      // A member that is changed moves to the end.
      login[name] = nil
      login[name] = value
    }
    return SecretBytes(utf8: login.text)
  }

  /// Returns the login of `text(members)`.
  func record(_ members: KeyValuePairs<String, String?> = [:]) throws -> LoginRecord {
    try LoginRecord(json: text(members), bsoID: Self.guid)
  }

  /// Merges two versions; `nil` if the server's version is accepted unchanged.
  private func merge(
    base: SecretBytes?, ours: LoginRecord, theirs: LoginRecord, changed: Milliseconds = 20, written: Milliseconds = 10
  ) throws -> JSONObject? {
    let entry = OutboxEntry(guid: Self.guid, base: base, changed: changed)
    switch Reconciliation(entry: entry, local: ours).outcome(for: .login(theirs), writtenAt: written) {
    case .acceptUpstream: return nil
    case .keepLocal: return try JSONValue(parsing: ours.json).object
    case .merged(let login): return try JSONValue(parsing: login.json).object
    }
  }

  // MARK: Members

  @Test func eachSideChangesAnotherMember() throws {
    let merged = try #require(
      try merge(
        base: text(), ours: record(["username": "\"ours\"", "note": "1"]),
        theirs: record(["password": "\"theirs\"", "timePasswordChanged": "300", "other": "[2, 3]"])))
    #expect(merged["username"]?.string == "ours")
    #expect(merged["password"]?.string == "theirs")
    #expect(merged["timePasswordChanged"]?.integer == 300)
    #expect(merged["note"]?.raw.exposedText() == "1")
    #expect(merged["other"]?.raw.exposedText() == "[2, 3]")
    #expect(merged["lockwise"] == nil, "a history without a conflict")
  }

  @Test(arguments: [(20, "ours"), (10, "theirs"), (5, "theirs")] as [(Milliseconds, String)])
  func bothChangeTheSame(changed: Milliseconds, winner: String) throws {
    let merged = try merge(
      base: text(), ours: record(["username": "\"ours\"", "extra": "true"]), theirs: record(["username": "\"theirs\""]),
      changed: changed)
    #expect(merged?["username"]?.string == winner)
    #expect(merged?["extra"]?.bool == true)
  }

  @Test func nullAndEmptyStayDistinct() throws {
    let form: KeyValuePairs<String, String?> = ["formSubmitURL": "\"https://a.example\"", "httpRealm": "null"]
    let any: KeyValuePairs<String, String?> = ["formSubmitURL": "\"\"", "httpRealm": "null"]
    let merged = try merge(
      base: text(form), ours: record(any),
      theirs: record(["formSubmitURL": "\"https://a.example\"", "httpRealm": nil, "username": "\"x\""]))
    #expect(merged?["formSubmitURL"]?.string == "")
    #expect(merged?["httpRealm"].map(\.isNull) ?? true)
    #expect(merged?["username"]?.string == "x")
  }

  @Test func formAndRealmAreMergedTogether() throws {
    // The local version makes it a form, the server's changes the realm. The result must have exactly one of them.
    let ours = try record(["formSubmitURL": "\"https://a.example\"", "httpRealm": "null"])
    for (changed, isForm) in [(Milliseconds(20), true), (5, false)] {
      let merged = try merge(
        base: text(), ours: ours, theirs: record(["httpRealm": "\"s\"", "username": "\"x\""]), changed: changed)
      let result = try merged.map { try LoginRecord(json: $0.replacing([]), bsoID: Self.guid) }
      #expect((result?.formActionOrigin != nil) == isForm || (result == nil && !isForm))
    }
  }

  @Test func usesAddUpAndTimesNeverDecrease() throws {
    let merged = try merge(
      base: text(["timesUsed": "10", "timeLastUsed": "50"]), ours: record(["timesUsed": "13", "timeLastUsed": "90"]),
      theirs: record(["timesUsed": "12", "timeLastUsed": "0", "timeCreated": "-5"]))
    #expect(merged?["timesUsed"]?.integer == 15)
    #expect(merged?["timeLastUsed"]?.integer == 90)
    #expect(merged?["timeCreated"]?.integer == 100)
  }

  @Test func aChangedUnknownMemberWinsOverItsRemoval() throws {
    let merged = try merge(
      base: text(["x": "1", "y": "1"]), ours: record(["x": "2"]), theirs: record(["y": "2"]))
    #expect(merged?["x"]?.raw.exposedText() == "2")
    #expect(merged?["y"]?.raw.exposedText() == "2")
    let removed = try merge(base: text(["x": "1"]), ours: record(["x": "1", "z": "0"]), theirs: record())
    #expect(removed?["x"] == nil, "removed on the server and not changed here")
  }

  // MARK: Passwords

  @Test(
    arguments: [(20, "ours", "theirs", 300), (5, "theirs", "ours", 200)]
      as [(Milliseconds, String, String, Milliseconds)])
  func theLosingPasswordIsKept(changed: Milliseconds, winner: String, loser: String, time: Milliseconds) throws {
    let merged = try #require(
      try merge(
        base: text(), ours: record(["password": "\"ours\"", "timePasswordChanged": "200"]),
        theirs: record(["password": "\"theirs\"", "timePasswordChanged": "300"]), changed: changed))
    let login = try LoginRecord(json: merged.replacing([]), bsoID: Self.guid)
    #expect(login.password.exposedText() == winner)
    #expect(login.timePasswordChanged == (winner == "ours" ? 200 : 300))
    #expect(login.formerPasswords.map { $0.password.exposedText() } == [loser])
    #expect(login.formerPasswords.first?.time == time)
  }

  /// Of two passwords that were changed at nearly the same time, the one that was changed later wins, though it was not
  /// uploaded later, or the server's clock was set in between. Times that are far apart do not decide.
  @Test(
    arguments: [
      (1000, 900, 1500, "ours"), (1000, 1100, 500, "theirs"), (60_000, 59_000, 0, "ours"), (0, 100, -60_000, "theirs"),
      (1000, -7_200_000, 1500, "theirs"), (1000, 7_200_000, 500, "ours"), (-200_000, -210_000, 1500, "theirs"),
    ] as [(Int64, Int64, Int64, String)])
  func closePasswordChangesAreOrderedByTheirOwnTimes(ours: Int64, theirs: Int64, written: Int64, winner: String) throws
  {
    let start: Int64 = 1_700_000_000_000
    let merged = try merge(
      base: text(), ours: record(["password": "\"ours\"", "timePasswordChanged": "\(start + ours)"]),
      theirs: record(["password": "\"theirs\"", "timePasswordChanged": "\(start + theirs)"]),
      changed: Milliseconds(start + ours), written: Milliseconds(start + written))
    #expect(merged?["password"]?.string == winner)
  }

  /// The base comes from another source, so a password that equals it may be as new as the server's.
  @Test(arguments: [(250, "ours", "theirs"), (350, "theirs", "ours")])
  func keepsBothPasswordsIfTheServerIsNew(time: Int, winner: String, loser: String) throws {
    let known = KeyValuePairs<String, String?>(
      dictionaryLiteral: ("password", "\"ours\""), ("timePasswordChanged", "300"))
    let ours = KeyValuePairs<String, String?>(
      dictionaryLiteral: ("password", "\"ours\""), ("timePasswordChanged", "300"), ("extra", "1"))
    let theirs = try record(["password": "\"theirs\"", "timePasswordChanged": "\(time)"])
    let entry = OutboxEntry(guid: Self.guid, base: text(known), changed: 20)
    let outcome = Reconciliation(entry: entry, local: try record(ours), isServerNew: true)
      .outcome(for: .login(theirs), writtenAt: 10)
    guard case .merged(let login) = outcome else {
      Issue.record("not merged")
      return
    }
    #expect(login.password.exposedText() == winner)
    #expect(login.formerPasswords.map { $0.password.exposedText() } == [loser])
  }

  @Test func atMostFiveFormerPasswordsNewestFirst() throws {
    func history(_ times: ClosedRange<Int>) -> String {
      let entries = times.map { "{\"password\":\"p\($0)\",\"time\":\($0)}" }.joined(separator: ",")
      return "{\"note\":\"n\",\"passwordHistory\":[\(entries)]}"
    }
    let merged = try #require(
      try merge(
        base: text(), ours: record(["password": "\"ours\"", "timePasswordChanged": "50", "lockwise": history(1...3)]),
        theirs: record(["password": "\"theirs\"", "timePasswordChanged": "60", "lockwise": history(3...6)])))
    let login = try LoginRecord(json: merged.replacing([]), bsoID: Self.guid)
    #expect(login.formerPasswords.map(\.time) == [60, 6, 5, 4, 3])
    #expect(merged["lockwise"]?.object?["note"]?.string == "n")
  }

  @Test func equalPasswordsOnBothSidesAreNotAConflict() throws {
    let merged = try merge(
      base: text(), ours: record(["password": "\"new\"", "timePasswordChanged": "200", "a": "1"]),
      theirs: record(["password": "\"new\"", "timePasswordChanged": "250"]))
    #expect(merged?["timePasswordChanged"]?.integer == 250)
    #expect(merged?["lockwise"] == nil)
  }

  // MARK: Whole records

  @Test func theServersEqualVersionIsAccepted() throws {
    let ours = try record(["username": "\"new\""])
    #expect(try merge(base: text(), ours: ours, theirs: ours) == nil)
    let reordered = SecretBytes(
      utf8:
        "{\"httpRealm\":\"r\",\"username\":\"n\\u0065w\",\"password\":\"p\",\"timeCreated\":100,\"timePasswordChanged\":100,\"hostname\":\"https://a.example\",\"id\":\"\(Self.guid)\",\"usernameField\":\"\",\"passwordField\":\"\"}"
    )
    #expect(try merge(base: text(), ours: ours, theirs: LoginRecord(json: reordered, bsoID: Self.guid)) == nil)
  }

  @Test(arguments: [(Int64(300), Int64(200), "ours"), (200, 200, "theirs"), (100, 200, "theirs")])
  func madeOnBothSides(ours: Int64, theirs: Int64, winner: String) throws {
    let merged = try #require(
      try merge(
        base: nil, ours: record(["password": "\"ours\"", "timePasswordChanged": "\(ours)", "a": "1"]),
        theirs: record(["password": "\"theirs\"", "timePasswordChanged": "\(theirs)", "b": "2"])))
    #expect(merged["password"]?.string == winner)
    #expect(merged["a"]?.integer == 1 && merged["b"]?.integer == 2)
    #expect(merged["lockwise"]?.object?["passwordHistory"]?.array?.count == 1)
  }

  /// The later of a deletion and an edit wins.
  @Test(
    arguments: [
      (true, 20, 10, true), (true, 10, 20, false), (false, 20, 10, true), (false, 10, 20, false),
    ] as [(Bool, Milliseconds, Milliseconds, Bool)])
  func deletionAgainstEdit(deleted: Bool, changed: Milliseconds, written: Milliseconds, kept: Bool) throws {
    let entry = OutboxEntry(guid: Self.guid, isDeletion: deleted, base: text(), changed: changed)
    let edited = try record(["username": "\"edited\""])
    let upstream: Reconciliation.Upstream = deleted ? .login(edited) : .tombstone(Tombstone(guid: Self.guid))
    let outcome = Reconciliation(entry: entry, local: deleted ? nil : edited).outcome(for: upstream, writtenAt: written)
    switch outcome {
    case .keepLocal: #expect(kept)
    case .acceptUpstream: #expect(!kept)
    case .merged: Issue.record("a deletion was merged with an edit")
    }
  }

  @Test func aDeletionStaysWithoutAnEdit() throws {
    let entry = OutboxEntry(guid: Self.guid, isDeletion: true, base: text(), changed: 10)
    let outcome = Reconciliation(entry: entry, local: nil).outcome(for: .login(try record()), writtenAt: 50)
    guard case .keepLocal = outcome else {
      Issue.record("the login came back")
      return
    }
  }

  @Test func deletionsOnBothSidesAgree() {
    let entry = OutboxEntry(guid: Self.guid, isDeletion: true, base: text(), changed: 10)
    let upstream = Reconciliation.Upstream.tombstone(Tombstone(guid: Self.guid))
    guard case .acceptUpstream = Reconciliation(entry: entry, local: nil).outcome(for: upstream, writtenAt: 1) else {
      Issue.record("an equal version of the server was not accepted")
      return
    }
  }

  /// For random versions, the result is a valid login and keeps every member that only one side changed.
  @Test func anyThreeVersionsMerge() throws {
    var random = SeededGenerator(seed: 4)
    let names = ["username", "usernameField", "passwordField", "x", "y", "z"]
    for _ in 0..<2000 {
      func version(_ side: String) -> [(String, String)] {
        names.compactMap { Bool.random(using: &random) ? ($0, "\"\(side)\"") : nil }
      }
      let (o, t) = (version("ours"), version("theirs"))
      func make(_ changes: [(String, String)]) throws -> LoginRecord {
        let object = try #require(try JSONValue(parsing: text(["x": "0", "y": "0"])).object)
        return try LoginRecord(
          json: object.replacing(changes.map { ($0.0, SecretBytes(utf8: $0.1)) }), bsoID: Self.guid)
      }
      let changed = Milliseconds(Int64.random(in: 0..<20, using: &random))
      let merged = try merge(base: text(["x": "0", "y": "0"]), ours: make(o), theirs: make(t), changed: changed)
      for name in names {
        let (ours, theirs) = (o.contains { $0.0 == name }, t.contains { $0.0 == name })
        let value = try merged?[name]?.string ?? JSONValue(parsing: make(t).json).object?[name]?.string
        if ours, !theirs { #expect(value == "ours") }
        if theirs, !ours { #expect(value == "theirs") }
        if ours, theirs { #expect(value == (changed > 10 ? "ours" : "theirs")) }
      }
    }
  }
}
