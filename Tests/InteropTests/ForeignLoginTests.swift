import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// Firefox's handling of logins that other clients write.
  @Suite(.serialized) struct ForeignLoginTests {
    private let fixture: InteropFixture
    private let firefox: FirefoxProcess

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      firefox = try fixture.startOver()
      try fixture.signFirefoxIn()
      try firefox.sync()
    }

    private func write(_ logins: [ForeignLogin]) throws { try fixture.sandbox.edit(["edits": logins.map(\.edit)]) }

    private func expectListed(_ logins: [ForeignLogin], since start: Double) throws {
      let listed = try firefox.syncedLogins()
      for login in logins {
        guard let found = listed[login.id] else {
          Issue.record("\(login.testDescription): not listed")
          continue
        }
        var expected = login.expected ?? [:]
        for name in ["timeCreated", "timePasswordChanged"] where expected[name] as? Int == ForeignLogin.nowMark {
          let time = found.members[name] as? Double ?? 0
          #expect(time >= start && time <= Date().timeIntervalSince1970 * 1000 + 1, "\(login.testDescription): \(name)")
          expected[name] = found.members[name]
        }
        #expect(found.comparable() == SyncedLogin(expected).comparable(), "\(login.testDescription)")
      }
      #expect(listed.count == logins.count)
    }

    @Test func acceptsForeignLogins() throws {
      let start = Date().timeIntervalSince1970 * 1000 - 1
      try write(ForeignLogin.taken)
      try firefox.sync()
      try expectListed(ForeignLogin.taken, since: start)
      // Neither of these is read.
      let uses = try #require(ForeignLogin.taken.first { $0.testDescription == "uses" })
      let members = try #require(try firefox.syncedLogins()[uses.id]).members
      #expect(members["timesUsed"] as? Int == 1 && members["timeLastUsed"] as? Double ?? 0 > start)

      try firefox.navigate(to: "about:logins")
      let shown = try FirefoxLoginsPage(firefox: firefox).listed(atLeast: ForeignLogin.taken.count)
      #expect(shown == Set(ForeignLogin.taken.map(\.id)))

      // All survive a restart, and an edit of each keeps everything except the password.
      try firefox.stop()
      try firefox.start()
      try firefox.holdAutomaticSync()
      try expectListed(ForeignLogin.taken, since: start)
      for login in ForeignLogin.taken { try firefox.editLogin(login.id, ["password": "edited"]) }
      try firefox.sync()
      let stored = try fixture.stored()
      for login in ForeignLogin.taken {
        var expected = login.expected ?? [:]
        expected["password"] = "edited"
        let found = try #require(stored[login.id], "\(login.testDescription)")
        #expect(
          found.comparable(withTimes: false) == SyncedLogin(expected).comparable(withTimes: false),
          "\(login.testDescription)")
        #expect(found.members["timesUsed"] == nil && found.members["timeLastUsed"] == nil, "\(login.testDescription)")
      }
    }

    /// The sync reports a partial failure, and the next one requests only the refused records again.
    @Test func refusesInvalidLogins() throws {
      try write(ForeignLogin.refused + [ForeignLogin.skipped])
      let before = try fixture.stored()
      let outcome = try firefox.syncOutcome()
      #expect(outcome.service == "error.sync.failed_partial" && outcome.sync == "success.sync", "\(outcome)")
      #expect(outcome.engines == ["passwords": "error.engine.reason.apply_fail"])
      var mark = try fixture.mark()
      try firefox.sync()
      let ids = try #require(try askedFor(since: mark))
      #expect(ids == Set(ForeignLogin.refused.map(\.id)))
      mark = try fixture.mark()
      try firefox.sync()
      #expect(try askedFor(since: mark) == nil)
      #expect(try firefox.syncedLogins().isEmpty)
      #expect(try fixture.stored().differences(from: before, withTimes: true).isEmpty)
    }

    /// The ids that Firefox requested.
    private func askedFor(since mark: Int) throws -> Set<String>? {
      let requests = try fixture.firefoxRequests(since: mark).filter {
        $0.method == "GET" && $0.path.contains("/passwords?") && $0.path.contains("ids=")
      }
      guard let request = requests.first else { return nil }
      #expect(requests.count == 1)
      let query = request.path.split(separator: "?")[1].split(separator: "&")
      let ids = query.first { $0.hasPrefix("ids=") }?.dropFirst(4).split(separator: ",") ?? []
      return Set(ids.map { String($0).removingPercentEncoding ?? "" })
    }

    @Test func keepsMembersOfOtherClients() throws {
      let id = "lwFxInterop2"
      var record: [String: Any] = [
        "id": id, "hostname": "https://others.example", "httpRealm": "r", "username": "u", "password": "p",
        "x-first": ["a": 1], "x-second": "b",
      ]
      try fixture.sandbox.put([record])
      try firefox.sync()
      record["x-second"] = ["changed": true]
      try fixture.sandbox.put([record])
      try firefox.sync()
      #expect(try firefox.syncedLogins()[id]?.has(["changed": true], in: "x-second") == true)
      record["x-first"] = nil
      try fixture.sandbox.put([record])
      try firefox.sync()
      let listed = try #require(try firefox.syncedLogins()[id])
      #expect(listed.members["x-first"] == nil && listed.members["x-second"] != nil)
      try firefox.editLogin(id, ["password": "q"])
      try firefox.sync()
      let stored = try #require(try fixture.stored()[id])
      #expect(stored.members["x-first"] == nil && stored.has(["changed": true], in: "x-second"))
    }

    /// Two records with the same origin, form action, realm and user name are one login. The later id stays, and the
    /// other one is removed without a tombstone.
    @Test func dropsOneOfTwoDuplicates() throws {
      func record(_ id: String, _ change: [String: Any] = [:]) -> [String: Any] {
        LoginJSON(id, origin: "https://double.example", password: "of \(id)").object.merging(change) { $1 }
      }
      try fixture.sandbox.put([record("lwFxInterop3")])
      try firefox.sync()
      try fixture.sandbox.put([
        record("lwFxInterop4"), record("lwFxInterop5", ["httpRealm": "other"]),
        record("lwFxInterop6", ["username": "other"]),
        record("lwFxInterop7", ["httpRealm": NSNull(), "formSubmitURL": "https://double.example"]),
      ])
      let mark = try fixture.mark()
      try firefox.sync()
      let ids: Set = ["lwFxInterop4", "lwFxInterop5", "lwFxInterop6", "lwFxInterop7"]
      #expect(try Set(firefox.syncedLogins().keys) == ids)
      #expect(try firefox.syncedLogins()["lwFxInterop4"]?.password == "of lwFxInterop4")
      #expect(try Set(fixture.stored().keys) == ids)
      #expect(try fixture.tombstones().isEmpty)
      let deletions = try fixture.firefoxRequests(since: mark).filter { $0.method == "DELETE" }
      #expect(deletions.count == 1 && deletions.first?.path.hasSuffix("/storage/passwords?ids=lwFxInterop3") == true)
    }
  }
}
