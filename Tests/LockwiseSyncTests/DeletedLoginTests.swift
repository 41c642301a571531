import Foundation
import LockwiseCore
import Testing

@testable import LockwiseSync

/// Logins that another client deletes can be restored for 30 days (issue 11, A5).
@Suite struct DeletedLoginTests {
  private static let day = Milliseconds(Seconds(24 * 3600))

  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.mayDrop = true
    fixture.server.configuration = fixture.server.limits.text
  }

  private func device() throws -> SyncDevice {
    let device = try SyncDevice(fixture)
    try device.push()
    return device
  }

  private func reasons(_ device: SyncDevice) throws -> [String: String] {
    Dictionary(uniqueKeysWithValues: try device.vault.deletedLogins().map { ($0.login.guid, $0.reason) })
  }

  private func drop(_ id: String) {
    fixture.server.collections["passwords"]?.items[id] = nil
    fixture.server.collections["passwords"]?.modified = fixture.server.tick()
  }

  @Test(arguments: [true, false]) func keepsTheLoginAfterATombstone(isNamed: Bool) throws {
    try fixture.putLogin("login-0", password: "kept")
    let device = try device()
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0", withID: isNamed)
    #expect(try device.push().pull.removed == 1)
    let deleted = try #require(try device.vault.deletedLogins().first)
    #expect(deleted.login.password.exposedText() == "kept" && deleted.time == fixture.clock.now)
    #expect(try reasons(device) == ["login-0": "deleted on another device"])
    #expect(
      try device.logins().isEmpty && device.vault.logins(atHost: "login-0.example").isEmpty, "the login is not found")
  }

  /// If a local change loses to the deletion, the changed login is kept.
  @Test func keepsTheLocalChangeIfADeletionWins() throws {
    try fixture.putLogin("login-0")
    let device = try device()
    try device.setPassword("login-0", "ours")
    fixture.clock.now += 10_000
    try fixture.putTombstone("login-0")
    try device.push()
    #expect(try device.vault.deletedLogins().map { $0.login.password.exposedText() } == ["ours"])
  }

  @Test func keepsALoginThatVanishes() throws {
    try fixture.putLogins(0..<3)
    let device = try device()
    fixture.clock.now += 1000
    drop("login-1")
    var state = try device.vault.syncState()
    (state.passwordsTime, state.storageTime) = (nil, nil)
    try device.vault.setDocument(.syncState, to: state.text)
    #expect(try device.push().pull.removed == 1)
    #expect(try reasons(device) == ["login-1": "gone from the server"])
  }

  @Test func keepsADroppedDuplicate() throws {
    for id in ["one", "two"] {
      let text = SyncFixture.login(id, password: id).replacing("https://\(id).example", with: "https://same.example")
      try fixture.server.put(id, in: "passwords", fixture.encrypt(text))
    }
    let device = try device()
    fixture.clock.now += 1000
    drop("one")
    #expect(try device.push().pull.removed == 1)
    #expect(try reasons(device) == ["one": "duplicate of two"])
    #expect(try device.vault.deletedLogins().first?.login.password.exposedText() == "one")
  }

  @Test func doesNotKeepALocalDeletion() throws {
    try fixture.putLogin("login-0")
    let (device, other) = (try device(), try device())
    try device.editor.delete(guid: "login-0")
    for device in [device, other] { try device.push() }
    #expect(try device.vault.deletedLogins().isEmpty)
    #expect(try reasons(other) == ["login-0": "deleted on another device"], "for the other it is another's")
  }

  @Test func restoresALoginEverywhere() throws {
    try fixture.putLogin("login-0", password: "kept")
    let (device, other) = (try device(), try device())
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0")
    for device in [device, other] { try device.push() }
    // Independent of the clock, and also after a full download.
    fixture.clock.now -= 100_000
    try device.editor.restore(guid: "login-0")
    #expect(try device.vault.deletedLogins().isEmpty)
    var state = try device.vault.syncState()
    (state.passwordsTime, state.storageTime) = (nil, nil)
    try device.vault.setDocument(.syncState, to: state.text)
    for device in [device, other] { try device.push() }
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == "kept")
    for device in [device, other] { #expect(try device.logins()["login-0"]?.password.exposedText() == "kept") }
    #expect(try other.vault.deletedLogins().isEmpty, "it came back")
  }

  /// A server that deletes a login and then serves an older version does not remove the newer one.
  @Test func keepsALoginThatReturnsWithAnotherPassword() throws {
    try fixture.putLogin("login-0", password: "newest")
    let device = try device()
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0", withID: false)
    try device.push()
    fixture.clock.now += 1000
    try fixture.putLogin("login-0", password: "older")
    try device.push()
    #expect(try device.logins()["login-0"]?.password.exposedText() == "older")
    #expect(try device.vault.deletedLogins().map { $0.login.password.exposedText() } == ["newest"])
    #expect(throws: LoginEditor.Failure.duplicate(of: "login-0")) { try device.editor.restore(guid: "login-0") }
    try device.editor.delete(guid: "login-0")
    try device.editor.restore(guid: "login-0")
    try device.push()
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == "newest")
  }

  @Test func neverRestoresADuplicate() throws {
    try fixture.putLogin("login-0")
    let device = try device()
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0")
    try device.push()
    let duplicate = try device.editor.add(
      LoginDraft(
        origin: "https://login-0.example", target: .realm("r"), username: "user", password: SecretBytes(utf8: "new")))
    #expect(throws: LoginEditor.Failure.duplicate(of: duplicate.guid)) { try device.editor.restore(guid: "login-0") }
    #expect(throws: LoginEditor.Failure.noSuchLogin) { try device.editor.restore(guid: "login-1") }
    #expect(try device.logins().keys.sorted() == [duplicate.guid] && device.vault.deletedLogins().count == 1)
  }

  @Test func forgetsDeletedLoginsAfterThirtyDays() throws {
    try fixture.putLogins(0..<2)
    let device = try device()
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0")
    try device.push()
    fixture.clock.now += Self.day * 30
    try fixture.putLogin("login-2")
    try device.push()
    #expect(try device.vault.deletedLogins().count == 1, "not a day early")
    fixture.clock.now += 1000
    try fixture.putLogin("login-3")
    try device.push()
    #expect(try device.vault.deletedLogins().isEmpty)
  }

  /// A clock that is years ahead removes nothing unless the server's clock agrees.
  @Test func forgetsNothingWithAWrongClock() throws {
    try fixture.putLogins(0..<2)
    let device = try device()
    fixture.clock.now += 1000
    try fixture.putTombstone("login-0")
    try device.push()
    fixture.clock.now += Self.day * 400
    fixture.server.skew = Self.day * -400
    try fixture.putLogin("login-2")
    try device.push()
    #expect(try device.vault.deletedLogins().count == 1)
  }
}
