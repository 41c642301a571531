import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.NewAccounts {
  /// A new Firefox at a storage that another client set up.
  @Suite(.serialized) struct StorageStateTests {
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

    private static let canaries = ["passwords": "lwFxInterop1", "bookmarks": "lwFxInterop2"]

    private func prepare(_ state: StorageState) throws {
      let sandbox = fixture.sandbox
      // The sandbox encrypts with the stored keys.
      if let keys = state.keys {
        try sandbox.edit([
          "collection": "crypto", "id": "keys", "cleartext": ForeignLogin.object(keys), "keepID": false,
        ])
      } else {
        try sandbox.edit(["collection": "crypto", "id": "other", "payload": "{}"])
      }
      if let global = state.global {
        try sandbox.edit([
          "collection": "meta", "id": "global", "cleartext": ForeignLogin.object(global), "keepID": false,
        ])
      }
      guard state.keys != nil else {
        try sandbox.edit(["collection": "passwords", "id": "lwFxInterop1", "payload": "{}"])
        return
      }
      try sandbox.put([LoginJSON("lwFxInterop1", origin: "https://other.example", password: "other").object])
      try sandbox.edit([
        "collection": "bookmarks", "id": "lwFxInterop2",
        "cleartext": [
          "type": "bookmark", "title": "canary", "bmkUri": "https://canary.example/", "parentid": "unfiled",
          "dateAdded": 1_600_000_000_000,
        ],
      ])
      guard state.isOfAnotherKey else { return }
      try sandbox.edit([
        "collection": "crypto", "id": "keys", "cleartext": ForeignLogin.object(state.keys ?? ""), "corrupt": "key",
      ])
    }

    private func isStored(_ collection: String) throws -> Bool {
      try fixture.sandbox.decrypted(collection).contains { $0["id"] as? String == Self.canaries[collection] }
    }

    @Test(arguments: StorageState.all)
    func handlesEachStateInANewFirefox(state: StorageState) throws {
      try prepare(state)
      let mark = try fixture.mark()
      try fixture.signFirefoxIn()
      let outcome = try firefox.syncOutcome()
      let deleted = try fixture.firefoxRequests(since: mark).filter { $0.method == "DELETE" }.map {
        String($0.path.split(separator: "/").last ?? "")
      }
      let listed = try Set(firefox.syncedLogins().values.map(\.password))
      let isOwnUploaded = try fixture.sandbox.decrypted("passwords").contains { $0["id"] as? String == own }
      let (isCanaryStored, areOthers) = try (isStored("passwords"), isStored("bookmarks"))
      switch state.outcome {
      case .taken(let failing):
        #expect(Set(outcome.engines.keys) == failing && (outcome == .success || !failing.isEmpty), "\(outcome)")
        #expect(deleted == [] && listed == ["own", "other"] && isOwnUploaded && isCanaryStored && areOthers)
        #expect(try firefox.enabledEngines() == Set(StorageState.engines.keys))
      case .switchedOff(let engines, let collections):
        #expect(outcome == .success && deleted == collections && isCanaryStored && areOthers)
        #expect(try firefox.enabledEngines() == Set(StorageState.engines.keys).subtracting(engines))
        #expect(isOwnUploaded != engines.contains("passwords"))
        #expect(listed == (engines.contains("passwords") ? ["own"] : ["own", "other"]))
      case .replaced:
        #expect(outcome == .success && deleted.contains("passwords") && !deleted.contains("storage"))
        #expect(listed == ["own"] && isOwnUploaded && !isCanaryStored && !areOthers)
      case .wiped:
        #expect(outcome == .success && deleted.first == "storage")
        #expect(listed == ["own"] && isOwnUploaded && !isCanaryStored && !areOthers)
      case .refused(let login, let sync):
        #expect(outcome.login == login && outcome.sync == sync && outcome.service == "error.sync.failed", "\(outcome)")
        #expect(deleted == [] && listed == ["own"] && !isOwnUploaded && isCanaryStored && areOthers)
      case .passwordsRefused:
        #expect(outcome.engines == ["passwords": "error.sync.reason.version_out_of_date"], "\(outcome)")
        #expect(deleted == [] && listed == ["own"] && !isOwnUploaded && isCanaryStored && areOthers)
      }
    }

    /// If another client changes a syncID of the storage or its passwords, Firefox uploads its logins again.
    @Test(arguments: ["syncID", "engines"])
    func uploadsAgainAfterAChangedSyncID(member: String) throws {
      let state = try #require(StorageState.all.first)
      try prepare(state)
      try fixture.signFirefoxIn()
      try firefox.sync()
      let global = try #require(try fixture.sandbox.decrypted("meta").first?["cleartext"] as? [String: Any])
      var changed = global
      if member == "syncID" {
        changed["syncID"] = "AAAAsyncID02"
      } else {
        var engines = try #require(global["engines"] as? [String: Any])
        engines["passwords"] = ["version": 1, "syncID": "AAAAsyncID03"]
        changed["engines"] = engines
      }
      try fixture.sandbox.edit(["collection": "meta", "id": "global", "cleartext": changed, "keepID": false])
      let mark = try fixture.mark()
      try firefox.sync()
      try firefox.sync()
      let requests = try fixture.firefoxRequests(since: mark)
      #expect(!requests.contains { $0.method == "DELETE" })
      #expect(requests.contains { $0.method == "POST" && $0.path.contains("/storage/passwords?") })
      #expect(try Set(firefox.syncedLogins().values.map(\.password)) == ["own", "other"])
      #expect(try firefox.syncedLogins().differences(from: try fixture.stored(), withTimes: false).isEmpty)
    }
  }
}
