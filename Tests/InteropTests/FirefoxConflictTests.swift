import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Firefox's handling of conflicts, as other clients see it.
  @Suite(.serialized) struct FirefoxConflictTests {
    private let fixture: InteropFixture
    private let firefox: FirefoxProcess
    private let id = UUID().uuidString

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      firefox = fixture.firefoxes[0]
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
      try fixture.sandbox.put([record(members)])
      usleep(50_000)
    }

    private func deleteElsewhere() throws {
      try fixture.sandbox.edit(["collection": "passwords", "id": id, "tombstone": true])
      usleep(50_000)
    }

    private func edit(_ changes: [String: Any]) throws {
      try firefox.editLogin(id, changes)
      usleep(50_000)
    }

    /// Syncs, and checks that Firefox and the server agree.
    private func outcome() throws -> SyncedLogin? {
      try firefox.sync()
      let listed = try firefox.syncedLogins()
      #expect(listed.differences(from: try fixture.stored(), withTimes: false).isEmpty)
      return listed[id]
    }

    @Test func keepsALaterEditElsewhere() throws {
      try edit(["password": "here", "username": "here"])
      try write(["password": "elsewhere", "x-mine": 1])
      let login = try #require(try outcome())
      #expect(login.password == "elsewhere" && login.username == "u" && login.has(1, in: "x-mine"))
    }

    @Test func keepsALaterEditHere() throws {
      try write(["password": "elsewhere", "username": "elsewhere", "x-mine": 1])
      try edit(["password": "here"])
      let login = try #require(try outcome())
      #expect(login.password == "here" && login.username == "u" && login.members["x-mine"] == nil)
    }

    /// An edit has the time of the last change of the password.
    @Test func ignoresALaterEditWithoutAPassword() throws {
      try write(["password": "elsewhere"])
      try edit(["username": "here"])
      let login = try #require(try outcome())
      #expect(login.password == "elsewhere" && login.username == "u")
    }

    @Test func restoresALoginEditedLaterElsewhere() throws {
      try firefox.deleteLogin(id)
      usleep(50_000)
      try write(["password": "elsewhere"])
      #expect(try outcome()?.password == "elsewhere")
    }

    @Test func restoresALoginEditedLaterHere() throws {
      try deleteElsewhere()
      try edit(["password": "here"])
      #expect(try outcome()?.password == "here")
    }

    /// A deletion has the time of the last change of the password too.
    @Test func undoesALaterDeletionHere() throws {
      try write(["password": "elsewhere"])
      try firefox.deleteLogin(id)
      #expect(try outcome()?.password == "elsewhere")
    }

    @Test func keepsALaterDeletionElsewhere() throws {
      try edit(["password": "here"])
      try deleteElsewhere()
      #expect(try outcome() == nil)
    }

    @Test func exchangesTombstones() throws {
      try deleteElsewhere()
      #expect(try outcome() == nil)
      // Its GUID may be used again.
      try write(["password": "again"])
      #expect(try outcome()?.password == "again")
      try firefox.deleteLogin(id)
      #expect(try outcome() == nil)
      let record = try #require(try fixture.sandbox.decrypted("passwords").first { $0["id"] as? String == id })
      let tombstone = SyncedLogin(record["cleartext"] as? [String: Any] ?? [:])
      #expect(tombstone.members.count == 2 && tombstone.id == id && tombstone.has(true, in: "deleted"))
    }

    @Test func keepsALoginThatVanishes() throws {
      try fixture.sandbox.edit(["collection": "passwords", "id": id, "delete": true])
      try firefox.sync()
      #expect(try firefox.syncedLogins()[id]?.password == "first")
      #expect(try fixture.stored()[id] == nil)
      try firefox.deleteLogin(id)
      #expect(try outcome() == nil)
    }
  }
}
