import Foundation
import LockwiseCore
import LockwiseSync
import Testing

/// Two records that Firefox treats as one login.
@Suite struct DuplicateTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.mayDrop = true
    fixture.server.configuration = fixture.server.limits.text
  }

  /// A record of the login that these tests use.
  private func put(_ id: String, password: String = "secret", user: String = "user") throws {
    let text = SyncFixture.login(id, password: password)
      .replacing("https://\(id).example", with: "https://same.example").replacing("\"user\"", with: "\"\(user)\"")
    try fixture.server.put(id, in: "passwords", fixture.encrypt(text))
  }

  /// Deletes a record without a tombstone, as Firefox does with a duplicate.
  private func drop(_ ids: String...) {
    for id in ids { fixture.server.collections["passwords"]?.items[id] = nil }
    fixture.server.collections["passwords"]?.modified = fixture.server.tick()
  }

  private func device() throws -> SyncDevice {
    let device = try SyncDevice(fixture)
    try device.push()
    return device
  }

  private var idQueries: [String] { fixture.server.paths.filter { $0.contains("?ids=") } }

  // MARK: Dropped by Firefox

  @Test(arguments: [true, false]) func removesALoginThatFirefoxDropped(areBothInTheFirstPull: Bool) throws {
    try put("one")
    if areBothInTheFirstPull { try put("two") }
    let device = try device()
    if !areBothInTheFirstPull {
      try put("two")
      try device.push()
    }
    #expect(try device.logins().keys.sorted() == ["one", "two"], "two records on the server are two here")
    drop("one")
    fixture.server.clearLog()
    #expect(try device.push().pull.removed == 1)
    #expect(try device.logins().keys.sorted() == ["two"])
    #expect(idQueries == ["/storage/passwords?ids=one,two"])
    // No further request is needed.
    try put("other", user: "somebody else")
    fixture.server.clearLog()
    try device.push()
    #expect(idQueries == [])
  }

  @Test func movesALocalChangeToTheDuplicate() throws {
    try put("one")
    try put("two")
    let device = try device()
    try device.setMember("one", "note", "7")
    drop("one")
    try device.push()
    #expect(try fixture.serverLogins().keys.sorted() == ["two"])
    #expect(try fixture.serverLogins()["two"]?["note"] as? Int == 7)
    #expect(try device.logins().keys.sorted() == ["two"])
  }

  @Test func keepsAPasswordThatLoses() throws {
    try put("one")
    try put("two", password: "of two")
    let device = try device()
    try device.setPassword("one", "of one")
    drop("one")
    try device.push()
    let login = try #require(try device.logins()["two"])
    #expect(login.password.exposedText() == "of one")
    #expect(login.formerPasswords.map { $0.password.exposedText() } == ["of two"])
  }

  /// As in Firefox, a record that vanishes is not a deleted login.
  @Test func keepsALoginWithoutADuplicate() throws {
    try put("one")
    let device = try device()
    drop("one")
    try device.push()
    #expect(try device.logins().keys.sorted() == ["one"])
  }

  @Test func restartsAfterAWriteWhileIDsAreListed() throws {
    try put("one")
    try put("two")
    let device = try device()
    drop("one")
    var isDone = false
    fixture.server.intercept = { _, request in
      guard request.url.contains("?ids="), !isDone else { return nil }
      isDone = true
      try put("three", user: "third")
      return nil
    }
    try device.push()
    #expect(isDone)
    #expect(try device.logins().keys.sorted() == ["three", "two"])
  }

  // MARK: Created here

  @Test func mergesALoginCreatedOnBothDevices() throws {
    let (a, b) = (try device(), try device())
    let first = try a.add("same", password: "of a")
    fixture.clock.now += 1000
    try b.add("same", password: "of b")
    for device in [a, b, a] { try device.push() }
    let server = try fixture.serverLogins()
    #expect(server.keys.sorted() == [first.guid], "the id that was there first")
    #expect(server[first.guid]?["password"] as? String == "of b")
    #expect(try a.logins().keys.sorted() == [first.guid] && b.logins().keys.sorted() == [first.guid])
    #expect(try a.logins()[first.guid]?.formerPasswords.map { $0.password.exposedText() } == ["of a"])
  }

  /// Another device deletes and creates the login again while it is edited here. One login remains, under the server's
  /// id.
  @Test func mergesALoginThatOutlivesATombstone() throws {
    let (a, b) = (try device(), try device())
    let old = try a.add("same", password: "first")
    for device in [a, b] { try device.push() }
    fixture.clock.now += 60_000
    try b.editor.delete(guid: old.guid)
    try b.push()
    let new = try b.add("same", password: "of b")
    try b.push()
    fixture.clock.now += 60_000
    try a.setMember(old.guid, "note", "7")
    for device in [a, b, a] { try device.push() }
    let server = try fixture.serverLogins()
    #expect(server.keys.sorted() == [new.guid])
    #expect(server[new.guid]?["password"] as? String == "of b")
    #expect(server[new.guid]?["note"] as? Int == 7)
    #expect(try a.logins().keys.sorted() == [new.guid] && b.logins().keys.sorted() == [new.guid])
  }

  /// A login is renamed here to one that another device creates, while a third device changes the old one. Found by the
  /// model test.
  @Test func mergesAfterARenameToAnExistingLogin() throws {
    try put("old", user: "first")
    let (a, b, c) = (try device(), try device(), try device())
    try put("new")
    var changes = LoginChanges()
    changes.username = "user"
    try a.editor.change(guid: "old", changes)
    fixture.clock.now += 1000
    try c.setPassword("old", "of c")
    fixture.clock.now += 1000
    try a.push()
    #expect(try fixture.serverLogins().keys.sorted() == ["new"], "never two of one")
    for device in [c, b, a] { try device.push() }
    #expect(try fixture.serverLogins().keys.sorted() == ["new"])
    for device in [a, b, c] {
      #expect(try device.logins().keys.sorted() == ["new"])
      #expect(try device.logins()["new"]?.password.exposedText() == "of c", "the change of c is saved")
    }
  }

  /// The storage was set up again, and another client has uploaded the login under another id.
  @Test func mergesALoginUploadedUnderAnotherID() throws {
    try put("one", password: "old")
    let device = try device()
    fixture.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    fixture.server.collections["passwords"] = nil
    try put("two", password: "new")
    try device.push()
    #expect(try fixture.serverLogins().keys.sorted() == ["two"])
    #expect(try device.logins().keys.sorted() == ["two"])
  }

  /// Two records that the server had are kept as two.
  @Test func keepsTwoRecordsOfTheServer() throws {
    try put("one")
    try put("two", password: "other")
    let device = try device()
    fixture.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    fixture.server.collections["passwords"] = nil
    try fixture.putLogin("x")
    try device.push()
    #expect(try fixture.serverLogins().keys.sorted() == ["one", "two", "x"])
  }
}
