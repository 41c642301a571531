import Foundation
import LockwiseAccounts
import LockwiseCore
import Testing

@testable import LockwiseSync

/// Uploads that the server accepted although the response was lost. They are this client's own, whatever the clocks say
/// (issue 12, A1; issue 11, C5).
@Suite struct LostResponseTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.configuration = fixture.server.limits.text
  }

  /// The user's changes to a login, one after each upload.
  enum Change: Sendable { case password, delete }

  /// The error of the server's clock at the lost upload and at the next one, in seconds.
  static let clocks: [(lost: Milliseconds, next: Milliseconds)] = [
    (0, 0), (60, 60), (-60, -60), (60, 0), (0, 60), (-60, 60), (60, -60),
  ]

  /// Pushes to a server that accepts the uploads but loses the responses.
  private func pushLosingResponses(_ device: SyncDevice) throws {
    fixture.server.decorate = { _, request, response in
      if request.method == "POST" { response = FakeStorage.answer(502) }
    }
    #expect(throws: (any Error).self) { try device.push() }
    fixture.server.decorate = nil
  }

  private func make(_ change: Change, _ guid: String, _ step: Int, _ device: SyncDevice) throws {
    switch change {
    case .password: try device.setPassword(guid, "password \(step)")
    case .delete: try device.editor.delete(guid: guid)
    }
  }

  @Test(
    arguments: [true, false], [[Change.password, .password], [.password, .delete], [.password, .password, .delete]])
  func recognisesItsOwnUpload(isNew: Bool, changes: [Change]) throws {
    for clock in Self.clocks {
      if !isNew { try fixture.putLogin("login-0") }
      let (device, other) = (try SyncDevice(fixture), try SyncDevice(fixture))
      for device in [device, other] { try device.push() }
      let guid = isNew ? try device.add("new").guid : "login-0"
      if isNew { try pushLosingResponses(device) }
      for (step, change) in changes.enumerated() {
        fixture.clock.now += 2000
        try make(change, guid, step, device)
        fixture.server.skew = (step == changes.count - 1 ? clock.next : clock.lost) * 1000
        if step < changes.count - 1 { try pushLosingResponses(device) }
      }
      try device.push()
      for device in [device, other] { try device.push() }
      let expected = changes.last == .delete ? nil : "password \(changes.count - 1)"
      #expect(try fixture.serverLogins()[guid]?["password"] as? String == expected, "\(clock)")
      for device in [device, other] {
        #expect(try device.logins()[guid]?.password.exposedText() == expected, "\(clock)")
        #expect(try device.vault.outbox().isEmpty)
      }
      fixture.server.collections["passwords"] = nil
      fixture.server.skew = 0
    }
  }

  /// Another client changes another member of the lost upload. Our later password still wins, because theirs is ours.
  @Test func recognisesAMemberThatAnotherClientCopied() throws {
    try fixture.putLogin("login-0")
    let (device, other) = (try SyncDevice(fixture), try SyncDevice(fixture))
    for device in [device, other] { try device.push() }
    try device.setPassword("login-0", "first")
    try device.setMember("login-0", "lockwise", #"{"name":"first"}"#)
    try pushLosingResponses(device)
    fixture.clock.now += 2000
    try device.setPassword("login-0", "second")
    try device.setMember("login-0", "lockwise", #"{"name":"second"}"#)
    try other.push()
    fixture.clock.now += 2000
    try other.setMember("login-0", "note", "7")
    try other.push()
    for device in [device, other] { try device.push() }
    for device in [device, other] {
      let login = try #require(try device.logins()["login-0"])
      #expect(login.password.exposedText() == "second" && login.formerPasswords.isEmpty)
      #expect(login.lockwise?.exposedText() == #"{"name":"second"}"#)
      #expect(login.unknownMembers.contains { $0.name == "note" })
    }
  }

  @Test func keepsAValueThatWasChangedBack() throws {
    try fixture.putLogin("login-0", password: "old")
    let device = try SyncDevice(fixture)
    try device.push()
    try device.setPassword("login-0", "mistake")
    try pushLosingResponses(device)
    fixture.clock.now += 2000
    try device.setPassword("login-0", "old")
    try device.push()
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == "old")
    #expect(try device.logins()["login-0"]?.password.exposedText() == "old")
  }

  /// Issue 11, C5.
  @Test func remembersAnUploadAfterAnEdit() throws {
    let (device, other) = (try SyncDevice(fixture), try SyncDevice(fixture))
    for device in [device, other] { try device.push() }
    let guid = try device.add("new").guid
    try pushLosingResponses(device)
    try other.push()
    #expect(try other.logins()[guid] != nil)
    try device.setPassword(guid, "edited")
    try device.editor.delete(guid: guid)
    for _ in 0..<2 {
      for device in [device, other] { try device.push() }
    }
    #expect(try fixture.serverLogins().isEmpty && device.logins().isEmpty && other.logins().isEmpty)
  }

  /// A lost deletion is ours too, so a login with its id is later.
  @Test func keepsALoginRestoredAfterALostDeletion() throws {
    try fixture.putLogin("login-0")
    let device = try SyncDevice(fixture)
    try device.push()
    try device.editor.delete(guid: "login-0")
    fixture.server.skew = 60_000
    try pushLosingResponses(device)
    fixture.server.skew = 0
    try device.editor.add(json: SecretBytes(utf8: SyncFixture.login("login-0", password: "again")), guid: "login-0")
    try device.push()
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == "again")
    #expect(try device.logins().keys.sorted() == ["login-0"])
  }

  /// Between any two requests the process dies or another one changes the vault.
  @Test func remembersAnUploadAcrossProcesses() throws {
    try fixture.putLogin("login-0")
    let device = try SyncDevice(fixture)
    try device.push()
    try device.setPassword("login-0", "first")
    try pushLosingResponses(device)
    try device.restart()
    fixture.server.skew = -60_000
    try device.setPassword("login-0", "second")
    try device.restart()
    fixture.clock.now -= 60_000
    try device.push()
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == "second")
  }

  /// An abandoned upload reaches the server after its login was deleted here.
  @Test func doesNotRestoreALoginFromALateUpload() throws {
    try fixture.putLogin("other")
    let device = try SyncDevice(fixture)
    try device.push()
    let guid = try device.add("new").guid
    var late: HTTPRequest?
    fixture.server.intercept = { _, request in
      guard request.method == "POST" else { return nil }
      late = request
      throw HTTPError.broken(host: "node-1.example", reason: "lost")
    }
    #expect(throws: (any Error).self) { try device.push() }
    fixture.server.intercept = nil
    try device.editor.delete(guid: guid)
    // Everything is downloaded again, but the server does not have the login yet.
    var state = try device.vault.syncState()
    (state.passwordsTime, state.storageTime) = (nil, nil)
    try device.vault.setDocument(.syncState, to: state.text)
    try device.push()
    #expect(try fixture.server.send(#require(late)).status == 412)
    try device.push()
    #expect(try fixture.serverLogins().keys.sorted() == ["other"] && device.logins().keys.sorted() == ["other"])
  }

  /// A login that is deleted while it is read for the upload is not uploaded.
  @Test func doesNotUploadALoginDeletedBefore() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    let guid = try device.add("new").guid
    var isDone = false
    fixture.server.decorate = { _, request, _ in
      guard request.method == "GET", !isDone else { return }
      isDone = true
      try? device.editor.delete(guid: guid)
    }
    try device.push()
    fixture.server.decorate = nil
    try device.push()
    #expect(isDone)
    #expect(try fixture.serverLogins().isEmpty && device.logins().isEmpty && device.vault.outbox().isEmpty)
  }

  @Test func keepsADeeplyNestedRecord() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    let guid = try device.add("deep").guid
    let depth = 63
    try device.setMember(guid, "deep", String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    try pushLosingResponses(device)
    try device.setPassword(guid, "second")
    try device.push()
    #expect(try fixture.serverLogins()[guid]?["password"] as? String == "second")
  }

  // MARK: Clocks

  /// The token has the difference between the clocks, but either clock may be set later. The later of two changes to a
  /// member still wins.
  @Test(arguments: [Seconds(60), -60], [true, false])
  func letsTheLaterChangeWinWithAWrongClock(seconds: Seconds, isOursLater: Bool) throws {
    try fixture.putLogin("login-0")
    let device = try SyncDevice(fixture)
    try device.push()
    fixture.server.skew = Milliseconds(seconds)
    fixture.clock.now += 100_000
    if !isOursLater { try device.setPassword("login-0", "ours") }
    fixture.clock.now += 10_000
    try fixture.putLogin("login-0", password: "theirs")
    fixture.clock.now += 10_000
    if isOursLater { try device.setPassword("login-0", "ours") }
    fixture.clock.now += 10_000
    try device.push()
    #expect(try fixture.serverLogins()["login-0"]?["password"] as? String == (isOursLater ? "ours" : "theirs"))
  }
}
