import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// What Firefox does when another client changed the same login meanwhile, as far as others see it.
  @Suite(.serialized) struct FirefoxConflictTests {
    private let meeting: InteropFixture
    private let firefox: FirefoxProcess
    private let id = UUID().uuidString

    init() throws {
      meeting = try SharedInteropFixture.ofSuite()
      firefox = meeting.firefoxes[0]
      try write(["password": "first"])
      try firefox.sync()
    }

    /// The other client's record.
    private func record(_ members: [String: Any]) -> [String: Any] {
      var login = LoginJSON(id, origin: "https://\(id.lowercased()).example", password: "first")
      login["timeCreated"] = "1600000000000"
      login["timePasswordChanged"] = String(Int(Date().timeIntervalSince1970 * 1000))
      return login.object.merging(members) { $1 }
    }

    private func write(_ members: [String: Any]) throws {
      try meeting.sandbox.put([record(members)])
      usleep(50_000)
    }

    private func deleteElsewhere() throws {
      try meeting.sandbox.edit(["collection": "passwords", "id": id, "tombstone": true])
      usleep(50_000)
    }

    private func edit(_ changes: [String: Any]) throws {
      try firefox.editLogin(id, changes)
      usleep(50_000)
    }

    /// Syncs; Firefox and the server have the same then.
    private func outcome() throws -> SyncedLogin? {
      try firefox.sync()
      let listed = try firefox.syncedLogins()
      #expect(listed.differences(from: try meeting.stored(), withTimes: false).isEmpty)
      return listed[id]
    }

    @Test func laterEditElsewhereWinsWhole() throws {
      try edit(["password": "here", "username": "here"])
      try write(["password": "elsewhere", "x-mine": 1])
      let login = try #require(try outcome())
      #expect(login.password == "elsewhere" && login.username == "u" && login.has(1, in: "x-mine"))
    }

    @Test func laterEditHereWinsWhole() throws {
      try write(["password": "elsewhere", "username": "elsewhere", "x-mine": 1])
      try edit(["password": "here"])
      let login = try #require(try outcome())
      #expect(login.password == "here" && login.username == "u" && login.members["x-mine"] == nil)
    }

    /// An edit counts as old as the password is.
    @Test func editWithoutPasswordCountsAsOld() throws {
      try write(["password": "elsewhere"])
      try edit(["username": "here"])
      let login = try #require(try outcome())
      #expect(login.password == "elsewhere" && login.username == "u")
    }

    @Test func laterEditElsewhereRestores() throws {
      try firefox.deleteLogin(id)
      usleep(50_000)
      try write(["password": "elsewhere"])
      #expect(try outcome()?.password == "elsewhere")
    }

    @Test func laterEditHereRestores() throws {
      try deleteElsewhere()
      try edit(["password": "here"])
      #expect(try outcome()?.password == "here")
    }

    /// A deletion counts as old as the password is, too.
    @Test func laterDeletionHereIsUndone() throws {
      try write(["password": "elsewhere"])
      try firefox.deleteLogin(id)
      #expect(try outcome()?.password == "elsewhere")
    }

    @Test func laterDeletionElsewhereWins() throws {
      try edit(["password": "here"])
      try deleteElsewhere()
      #expect(try outcome() == nil)
    }

    @Test func tombstonesBothWays() throws {
      try deleteElsewhere()
      #expect(try outcome() == nil)
      // Its GUID may be used again.
      try write(["password": "again"])
      #expect(try outcome()?.password == "again")
      try firefox.deleteLogin(id)
      #expect(try outcome() == nil)
      let record = try #require(try meeting.sandbox.decrypted("passwords").first { $0["id"] as? String == id })
      let tombstone = SyncedLogin(record["cleartext"] as? [String: Any] ?? [:])
      #expect(tombstone.members.count == 2 && tombstone.id == id && tombstone.has(true, in: "deleted"))
    }

    @Test func whatVanishesStays() throws {
      try meeting.sandbox.edit(["collection": "passwords", "id": id, "delete": true])
      try firefox.sync()
      #expect(try firefox.syncedLogins()[id]?.password == "first")
      #expect(try meeting.stored()[id] == nil)
      try firefox.deleteLogin(id)
      #expect(try outcome() == nil)
    }
  }
}
