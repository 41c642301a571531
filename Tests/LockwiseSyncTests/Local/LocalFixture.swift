import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseSync

/// A vault whose logins come from a profile in memory.
final class LocalFixture {
  let test: TestVault
  let clock = TestClock()
  /// The profile's logins, by GUID.
  var profile: [String: LoginJSON] = [:]
  /// The profile's unreadable logins: reasons by id.
  var refused: [String: String] = [:]
  var source = LocalSource(FirefoxProfile(name: "p", directory: "/profile", isDefault: true))
  /// Called before each login.
  var shouldStop: () -> Bool = { false }

  init() throws { test = try TestVault() }

  var vault: Vault { test.vault }
  var editor: LoginEditor { LoginEditor(vault: vault) { [clock] in clock.now } }

  /// Saves a login in the profile, as Firefox does at this moment.
  func save(_ guid: String, password: String, username: String = "u", more: KeyValuePairs<String, String> = [:]) {
    var login = LoginJSON.whole(
      guid, origin: "https://\(guid).example", realm: nil, form: "", username: username, password: password,
      time: clock.now.rawValue, more: more)
    if let created = profile[guid]?["timeCreated"] { login["timeCreated"] = created }
    profile[guid] = login
  }

  @discardableResult
  func pull() throws -> PullResult {
    clock.now += 1000
    var pull = LocalPull(source: source, mirror: vault) { [clock] in clock.now }
    pull.shouldStop = shouldStop
    let reading = LocalPull.Reading(
      count: profile.count + refused.count, version: ProfileVersion.of("/nonexistent")
    ) { [profile, refused] body in
      for (guid, login) in profile.sorted(by: { $0.key < $1.key }) {
        try body(.login(LoginRecord(json: SecretBytes(utf8: login.text), bsoID: guid)))
      }
      for (id, reason) in refused.sorted(by: { $0.key < $1.key }) { try body(.refused(id: id, reason: reason)) }
    }
    let result = try pull.apply(reading, clock.now)
    clock.now += 1000
    return result
  }

  /// The vault's passwords, by GUID.
  func passwords() throws -> [String: String] {
    var passwords: [String: String] = [:]
    try vault.forEachLogin { passwords[$0.guid] = $0.password.exposedText() }
    return passwords
  }

  func change(_ guid: String, password: String) throws {
    clock.now += 1000
    var changes = LoginChanges()
    changes.password = SecretBytes(utf8: password)
    try editor.change(guid: guid, changes)
  }
}
