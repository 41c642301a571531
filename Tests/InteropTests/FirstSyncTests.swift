import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// The first sync of an account, by Firefox or by us.
  @Suite(.serialized) struct FirstSyncTests {
    private let fixture: InteropFixture
    private let firefox: FirefoxProcess
    private let own: String

    init() throws {
      fixture = try SharedInteropFixture.ofSuite()
      firefox = try fixture.startOver()
      own = try firefox.addLogin([
        "hostname": "https://own.example", "httpRealm": "r", "username": "u", "password": "own",
      ])
    }

    @Test func setsUpTheStorageAsDocumented() throws {
      let mark = try fixture.mark()
      try fixture.signFirefoxIn()
      try firefox.sync()
      let writes = try fixture.firefoxRequests(since: mark).filter { $0.method != "GET" }
      // Below the storage of the account's user: `/storage/1.5/<uid>/storage/…`.
      let steps = writes.map { "\($0.method) " + $0.path.split(separator: "/").dropFirst(4).joined(separator: "/") }
      let wipe = try #require(steps.firstIndex(of: "DELETE "))
      #expect(Array(steps[(wipe + 1)...].prefix(2)) == ["PUT meta/global", "PUT crypto/keys"])
      for index in [wipe + 1, wipe + 2] { #expect(writes[index].unmodifiedSince == "0") }
      for engine in StorageState.engines.keys {
        let deletion = try #require(steps.firstIndex(of: "DELETE \(engine)"), "\(engine)")
        let upload = steps.firstIndex(of: "POST \(engine)?batch=true&commit=true")
        // A new profile has no records of these.
        if !["addons", "extension-storage"].contains(engine) { #expect(try #require(upload) > deletion, "\(engine)") }
      }
      let last = try #require(steps.lastIndex(of: "PUT meta/global"))
      #expect(last > (steps.lastIndex { $0.hasPrefix("DELETE") } ?? 0) && writes[last].unmodifiedSince != "0")
      for request in writes where request.method != "DELETE" {
        #expect(request.type == "text/plain" && request.unmodifiedSince != nil, "\(request)")
      }
      let accounts = try fixture.sandbox.requestsSinceStart().dropFirst(mark).filter { $0.path.hasPrefix("/auth/v1/") }
      #expect(accounts.allSatisfy { $0.auth == "none" || $0.auth.hasPrefix("hawk") })
      #expect(accounts.contains { $0.path.contains("/oauth/token") && $0.auth == "hawk-session" })
    }

    /// The record of a login has exactly these members. Those of clients expire after 180 days.
    @Test func writesRecordsAsDocumented() throws {
      try fixture.signFirefoxIn()
      try firefox.sync()
      let login = try #require(try fixture.stored()[own])
      #expect(
        Set(login.members.keys) == [
          "id", "hostname", "formSubmitURL", "httpRealm", "username", "password", "usernameField", "passwordField",
          "timeCreated", "timePasswordChanged",
        ])
      #expect(login.members["formSubmitURL"] is NSNull && login.text("httpRealm") == "r")
      #expect(own.wholeMatch(of: /\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/) != nil)
      #expect(try fixture.sandbox.decrypted("passwords").allSatisfy { $0["sortindex"] == nil })
      for (days, count) in [(179, 1), (181, 0)] {
        // An expired record is removed at the next read of the storage.
        try fixture.sandbox.control.send("POST", "/__sandbox__/clock", ["offset": days * 86400])
        let vault = try fixture.addVault()
        #expect(try vault.sync("get", "clients", "--ids", "--format", "jsonl").expectSuccess().lines.count == count)
      }
      try fixture.sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 0])
    }

    @Test func joinsAStorageOfFirefox() throws {
      try fixture.signFirefoxIn()
      try firefox.sync()
      let vault = try fixture.addVault()
      try vault.pull()
      try fixture.expectAgreement()
      #expect(try vault.syncedLogins()[own]?.password == "own")
      let id = try #require(
        try vault.put([LoginJSON(origin: "https://joined.example", realm: "git", password: "ours").object]).first)
      try firefox.sync()
      #expect(try firefox.syncedLogins()[id]?.password == "ours")
      try fixture.expectAgreement()
    }

    @Test func setsUpAStorageThatFirefoxJoins() throws {
      let vault = try fixture.addVault()
      try vault.sync("init-storage").expectSuccess()
      try vault.pull()
      let id = try #require(
        try vault.put([LoginJSON(origin: "https://first.example", realm: "git", password: "ours").object])
          .first)
      let global = try fixture.sandbox.decrypted("meta")
      let keys = try fixture.sandbox.decrypted("crypto")
      let mark = try fixture.mark()
      try fixture.signFirefoxIn()
      try firefox.sync()
      #expect(try firefox.enabledEngines() == Set(StorageState.engines.keys))
      #expect(try !fixture.firefoxRequests(since: mark).contains { $0.method == "DELETE" })
      #expect(try Set(firefox.syncedLogins().keys) == [id, own])
      try vault.pull()
      try fixture.expectAgreement()
      #expect(try NSArray(array: fixture.sandbox.decrypted("meta")).isEqual(to: global))
      #expect(try NSArray(array: fixture.sandbox.decrypted("crypto")).isEqual(to: keys))
    }
  }
}
