import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Servers that refuse, forget and move while Firefox and our vault sync.
  @Suite(.serialized) struct DisturbanceTests: ExchangeSuite {
    let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    private func login(_ name: String) -> [String: Any] {
      let host = "\(name)-\(UUID().uuidString.prefix(8).lowercased()).example"
      return LoginJSON(origin: "https://\(host)", realm: "git", password: name).object
    }

    /// Each side adds a login before the disruption, and both have both in the end.
    private func expectExchange(_ ids: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
      try fixture.syncAll()
      try fixture.expectAgreement(sourceLocation: sourceLocation)
      let stored = try fixture.stored()
      for id in ids { #expect(stored[id] != nil, sourceLocation: sourceLocation) }
    }

    private func addWaiting() throws -> [String] {
      var ours: [String] = []
      try fixture.offline { ours = try vault.put([login("ours")], status: 4) }
      return ours + [try firefox.addLogin(login("theirs"))]
    }

    /// The account moves to another storage node, with or without what it has stored.
    @Test(arguments: [true, false])
    func followsAMoveToAnotherNode(withData: Bool) throws {
      let ids = try addWaiting()
      let before = try firefox.syncedLogins()
      try fixture.provoking([401]) {
        try fixture.sandbox.reassign(keepData: withData)
        // Firefox notices the end of its token, and continues in its next sync.
        try firefox.sync()
        let mark = try fixture.mark()
        try firefox.sync()
        let uploads = try fixture.firefoxRequests(since: mark).filter { $0.method == "POST" }
        #expect(uploads.contains { $0.path.contains("/storage/passwords?") })
        #expect(uploads.contains { $0.path.contains("/storage/bookmarks?") } == !withData)
        try vault.pull()
      }
      try expectExchange(ids)
      #expect(try Set(before.keys).subtracting(firefox.syncedLogins().keys).isEmpty)
    }

    /// The storage token and access token end without notice.
    @Test func replacesExpiredTokens() throws {
      let ids = try addWaiting()
      try fixture.provoking([401]) {
        try fixture.sandbox.account(["expireAccessTokens": true])
        try fixture.sandbox.fault("/storage/", ["status": 401, "body": "0"])
        try firefox.sync()
        let mark = try fixture.mark()
        try firefox.sync()
        #expect(try fixture.sandbox.requestsSinceStart().dropFirst(mark).contains { $0.path.hasPrefix("/token/") })
        #expect(try fixture.stored()[ids[1]] != nil)
        try fixture.sandbox.account(["expireAccessTokens": true])
        try fixture.sandbox.fault("/storage/", ["status": 401, "body": "0"])
        try vault.pull()
        try fixture.sandbox.clearFaults()
      }
      try expectExchange(ids)
    }

    /// Another client was first.
    @Test func mergesAfterAConflict() throws {
      let ids = try addWaiting()
      try fixture.provoking([412]) {
        try fixture.sandbox.faults([
          ["match": ["method": "POST", "path": "/storage/passwords"], "action": ["status": 412]]
        ])
        try firefox.sync()
        #expect(try fixture.stored()[ids[1]] == nil)
        try firefox.sync()
        #expect(try fixture.stored()[ids[1]] != nil)
        try fixture.sandbox.faults([
          ["match": ["method": "POST", "path": "/storage/passwords"], "action": ["status": 412]]
        ])
        try vault.pull()
        try fixture.sandbox.clearFaults()
      }
      try expectExchange(ids)
    }

    /// Both wait as long as the server requests.
    @Test func waitsForABusyServer() throws {
      let ids = try addWaiting()
      try fixture.provoking([503]) {
        try fixture.sandbox.fault("/storage/", ["status": 503, "headers": ["Retry-After": "2"]])
        let outcome = try firefox.syncOutcome()
        #expect(outcome.sync == "error.sync.reason.serverMaintenance" && outcome.service == "error.sync.failed")
        // This applies to its schedule. A sync that the user starts runs at once.
        let wait = try firefox.executeBrowserScript("return Weave.Status.backoffInterval") as? Double
        #expect(try #require(wait) >= 2000)
        try firefox.sync()
        try fixture.sandbox.fault("/storage/", ["status": 503, "headers": ["Retry-After": "1"]])
        try vault.sync("pull").expectRefusal(8)
        let mark = try fixture.mark()
        try vault.sync("pull").expectRefusal(8)
        #expect(try fixture.mark() == mark)
        usleep(1_100_000)
        try vault.pull()
      }
      try expectExchange(ids)
    }
  }
}
