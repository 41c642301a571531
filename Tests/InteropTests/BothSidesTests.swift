import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Firefox and our vault change the same login before either sees the other's change.
  @Suite(.serialized) struct BothSidesTests: ExchangeSuite {
    let fixture: InteropFixture
    private let login: [String: Any]

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      login = [
        "hostname": "https://\(UUID().uuidString.lowercased()).example", "httpRealm": "git", "username": "u",
        "password": "first",
      ]
    }

    /// Syncs until all agree, and returns the logins of the test's origin.
    private func settle() throws -> [SyncedLogin] {
      for _ in 0..<2 {
        try firefox.sync()
        try vault.pull()
      }
      try firefox.sync()
      try fixture.expectAgreement()
      return try vault.syncedLogins().values.filter { $0.text("hostname") == login["hostname"] as? String }
    }

    /// Makes a login that both have.
    private func shared() throws -> String {
      let id = try #require(try vault.put([login]).first)
      try firefox.sync()
      return id
    }

    private func theyEditAndSync(_ id: String) throws {
      try firefox.editLogin(id, ["password": "theirs"])
      try firefox.sync()
    }

    /// The time of the token server, which decides which change is later, has whole seconds.
    private func letASecondPass() { usleep(1_050_000) }

    private func weEditOffline(_ id: String) throws {
      try fixture.offline { try vault.change(id, ["password": "ours", "lockwise": ["notes": "n"]], status: 4) }
    }

    /// One login is left, under the id that the other found on the server.
    @Test(arguments: [true, false])
    func mergesALoginCreatedOnBothSides(firefoxSyncsFirst: Bool) throws {
      var ours = ""
      try fixture.offline {
        ours = try #require(try vault.put([login.merging(["password": "ours", "x-ours": 1]) { $1 }], status: 4).first)
      }
      let theirs = try firefox.addLogin(login.merging(["password": "theirs"]) { $1 })
      if firefoxSyncsFirst { try firefox.sync() } else { try vault.pull() }
      let left = try settle()
      let one = try #require(left.first)
      #expect(left.count == 1 && one.id == (firefoxSyncsFirst ? theirs : ours))
      #expect(one.password == (firefoxSyncsFirst ? "theirs" : "ours") && one.has(1, in: "x-ours"))
      #expect(try !fixture.tombstones().contains(one.id))
    }

    @Test func keepsTheLaterEditOfFirefox() throws {
      let id = try shared()
      try weEditOffline(id)
      try theyEditAndSync(id)
      let left = try settle()
      #expect(left.map(\.id) == [id] && left.first?.password == "theirs")
      // Our members stay, and the password that lost is kept.
      let member = try #require(left.first?.members["lockwise"] as? [String: Any])
      #expect(member["notes"] as? String == "n")
      #expect((member["passwordHistory"] as? [[String: Any]])?.map { $0["password"] as? String } == ["ours"])
    }

    @Test func keepsOurLaterEdit() throws {
      let id = try shared()
      try theyEditAndSync(id)
      letASecondPass()
      try weEditOffline(id)
      let left = try settle()
      #expect(left.map(\.id) == [id] && left.first?.password == "ours")
      #expect(try firefox.syncedLogins()[id]?.password == "ours")
      let member = try #require(left.first?.members["lockwise"] as? [String: Any])
      #expect((member["passwordHistory"] as? [[String: Any]])?.map { $0["password"] as? String } == ["theirs"])
    }

    @Test func mergesEditsOfDifferentMembers() throws {
      let id = try shared()
      try fixture.offline { try vault.change(id, ["lockwise": ["notes": "n"]], status: 4) }
      try theyEditAndSync(id)
      let left = try settle()
      #expect(left.first?.password == "theirs" && left.first?.has(["notes": "n"], in: "lockwise") == true)
    }

    /// Firefox replaces our unseen record with its own, and our members come back.
    @Test func keepsOurMembersWhenFirefoxEditsAnOldRecord() throws {
      let id = try shared()
      try vault.change(id, ["lockwise": ["notes": "n"]])
      letASecondPass()
      try theyEditAndSync(id)
      #expect(try fixture.stored()[id]?.members["lockwise"] == nil, "Firefox merges members now")
      let left = try settle()
      #expect(left.first?.password == "theirs" && left.first?.has(["notes": "n"], in: "lockwise") == true)
      // Firefox knows it now, and keeps it.
      try firefox.editLogin(id, ["password": "theirs again"])
      try firefox.sync()
      #expect(try fixture.stored()[id]?.members["lockwise"] != nil)
      #expect(try settle().first?.password == "theirs again")
    }

    @Test func keepsALoginThatFirefoxEditsAfterOurDeletion() throws {
      let id = try shared()
      try fixture.offline { try vault.delete(id, status: 4) }
      try theyEditAndSync(id)
      #expect(try settle().map(\.password) == ["theirs"])
    }

    @Test func deletesALoginAfterFirefoxsEdit() throws {
      let id = try shared()
      try theyEditAndSync(id)
      letASecondPass()
      try fixture.offline { try vault.delete(id, status: 4) }
      #expect(try settle().isEmpty)
      #expect(try fixture.tombstones().contains(id))
    }

    @Test func keepsALoginThatWeEditAfterFirefoxsDeletion() throws {
      let id = try shared()
      try firefox.deleteLogin(id)
      try firefox.sync()
      letASecondPass()
      try weEditOffline(id)
      #expect(try settle().map(\.password) == ["ours"])
    }

    @Test func deletesALoginAfterOurEdit() throws {
      let id = try shared()
      try weEditOffline(id)
      try firefox.deleteLogin(id)
      try firefox.sync()
      #expect(try settle().isEmpty)
      #expect(try fixture.tombstones().contains(id))
    }
  }
}
