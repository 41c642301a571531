import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

/// Two vaults of one account.
@Suite struct TwoDevicesTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.configuration = fixture.server.limits.text
  }

  /// The storage was set up again, and the first device to sync has older logins than the second.
  @Test func losesNothingToAnOlderVault() throws {
    try fixture.putLogins(0..<1)
    let (stale, fresh) = (try SyncDevice(fixture), try SyncDevice(fixture))
    for device in [stale, fresh] { try device.push() }
    try fresh.setMember("login-0", "note", "7")
    try fresh.setPassword("login-0", "newer")
    try fresh.push()
    fixture.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    fixture.server.collections["passwords"] = FakeStorage.Collection(modified: fixture.server.tick())
    for device in [stale, fresh, stale] { try device.push() }
    let server = try #require(try fixture.serverLogins()["login-0"])
    #expect(server["note"] as? Int == 7 && server["password"] as? String == "newer")
    #expect(try stale.logins()["login-0"]?.password.exposedText() == "newer")
  }

  /// The same while a change of the login waits for the upload. Its earlier uploads are as new as before.
  @Test(arguments: [true, false]) func losesNothingToAnOlderVaultWithAChange(isPasswordWaiting: Bool) throws {
    try fixture.putLogins(0..<1)
    let (stale, fresh) = (try SyncDevice(fixture), try SyncDevice(fixture))
    for device in [stale, fresh] { try device.push() }
    fixture.clock.now += 2000
    try fresh.setPassword("login-0", "newer")
    try fresh.push()
    fixture.clock.now += 2000
    if isPasswordWaiting {
      try fresh.setPassword("login-0", "newest")
    } else {
      try fresh.setMember("login-0", "note", "7")
    }
    fixture.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    fixture.server.collections["passwords"] = FakeStorage.Collection(modified: fixture.server.tick())
    fixture.clock.now += 2000
    for device in [stale, fresh, stale] { try device.push() }
    let server = try #require(try fixture.serverLogins()["login-0"])
    #expect(server["password"] as? String == (isPasswordWaiting ? "newest" : "newer"))
    #expect(server["note"] as? Int == (isPasswordWaiting ? nil : 7))
  }

  /// Firefox replaces a record that it has not seen with its own. The members that it does not support come back.
  @Test(arguments: [true, false]) func keepsOurMemberWhenFirefoxReplacesTheRecord(isChangedHereToo: Bool) throws {
    try fixture.putLogins(0..<1)
    let (a, b) = (try SyncDevice(fixture), try SyncDevice(fixture))
    try a.push()
    try a.setMember("login-0", "lockwise", #"{"notes":"n"}"#)
    for device in [a, b] { try device.push() }
    try fixture.putLogin("login-0", password: "of Firefox")
    if isChangedHereToo { try a.setMember("login-0", "note", "7") }
    for device in [a, b, a] { try device.push() }
    let server = try #require(try fixture.serverLogins()["login-0"])
    #expect(server["password"] as? String == "of Firefox")
    #expect((server["lockwise"] as? [String: Any])?["notes"] as? String == "n")
    #expect(server["note"] as? Int == (isChangedHereToo ? 7 : nil))
    for device in [a, b] { #expect(try device.logins()["login-0"]?.lockwise?.exposedText() == #"{"notes":"n"}"#) }
    fixture.server.clearLog()
    for device in [a, b] { try device.push() }
    #expect(!fixture.server.log.contains { $0.method == "POST" }, "they do not go on forever")
  }

  @Test func emptiesOurMember() throws {
    try fixture.putLogins(0..<1)
    let (a, b) = (try SyncDevice(fixture), try SyncDevice(fixture))
    try a.push()
    try a.setMember("login-0", "lockwise", #"{"notes":"n"}"#)
    for device in [a, b] { try device.push() }
    var changes = LoginChanges()
    changes.members = [("lockwise", nil)]
    try a.editor.change(guid: "login-0", changes)
    for device in [a, b, a] { try device.push() }
    #expect(try fixture.serverLogins()["login-0"]?["lockwise"] as? [String: String] == [:])
    #expect(try b.logins()["login-0"]?.lockwise?.exposedText() == "{}")
  }

  /// Two devices with random changes and random disruptions agree in the end, and no acknowledged change is lost or
  /// duplicated.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func convergesAfterRandomWork(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let devices = [try SyncDevice(fixture), try SyncDevice(fixture)]
    for device in devices { try device.push() }
    fixture.server.limits.postRecords = 3
    var notes: [String: Set<String>] = [:]
    var made: Set<String> = []
    var deleted: Set<String> = []
    func disturb() {
      let moment = Int.random(in: 0..<8, using: &random)
      let kind = Int.random(in: 0..<5, using: &random)
      var index = 0
      func isNow() -> Bool {
        defer { index += 1 }
        return index == moment
      }
      fixture.server.intercept = { _, _ in
        guard kind < 3, isNow() else { return nil }
        if kind == 0 { throw HTTPError.broken(host: "node-1.example", reason: "lost") }
        return kind == 1 ? FakeStorage.answer(503, "0") : FakeStorage.answer(412, "0")
      }
      fixture.server.decorate = { _, _, response in
        guard kind >= 3, isNow() else { return }
        response = kind == 3 ? FakeStorage.answer(502) : FakeStorage.answer(200, "{")
      }
    }
    for step in 0..<200 {
      fixture.clock.now += 700
      let device = devices[Int.random(in: 0..<2, using: &random)]
      let guids = try device.logins().keys.sorted()
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: made.insert(try device.add("site-\(step)").guid)
      case 3..<6:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.setMember(guid, "n\(step)", "\(step)")
        notes[guid, default: []].insert("n\(step)")
      case 6:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.setPassword(guid, "password \(step)")
      case 7:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.editor.delete(guid: guid)
        deleted.insert(guid)
      default:
        if Bool.random(using: &random) { disturb() }
        _ = try? device.push()
        (fixture.server.intercept, fixture.server.decorate) = (nil, nil)
        if Bool.random(using: &random) { try device.restart() }
      }
    }
    for _ in 0..<3 {
      for device in devices {
        fixture.clock.now += 3_600_000
        try device.push()
      }
    }
    let server = try fixture.serverLogins()
    for device in devices {
      #expect(try device.logins().keys.sorted() == server.keys.sorted())
      #expect(try device.vault.outbox().isEmpty)
      for (guid, login) in try device.logins() {
        #expect(login.password.exposedText() == server[guid]?["password"] as? String)
      }
    }
    #expect(made.subtracting(deleted).subtracting(server.keys).isEmpty, "lost logins")
    for (guid, names) in notes where !deleted.contains(guid) {
      let members = Set((server[guid] ?? [:]).keys)
      #expect(names.subtracting(members).isEmpty, "lost members of \(guid)")
    }
  }
}
