import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Storage servers that are busy, in an abnormal state, or have bad records.
@Suite final class StorageFaultTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
    try stage.sandbox.clearRequests()
  }

  private func expectCopyKept(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(
      try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789",
      sourceLocation: sourceLocation)
    #expect(try stage.status()["logins"] as? Int == 46, sourceLocation: sourceLocation)
  }

  /// Returns the number of storage requests since the log was cleared, and clears it.
  private func storageRequests() throws -> [String] {
    defer { try? stage.sandbox.clearRequests() }
    return try stage.sandbox.requests().filter(\.isStorage).map(\.path)
  }

  private func login(_ id: String, _ change: [String: Any] = [:]) -> [String: Any] {
    let origin = "https://\(id.lowercased()).example"
    return LoginJSON(id, origin: origin, realm: nil, form: origin, password: "of \(id)").object.merging(change) { $1 }
  }

  // MARK: Requests

  @Test func sendsOneRequestToAnUnchangedServer() throws {
    for _ in 0..<3 {
      try stage.sync("pull").expectSuccess()
      #expect(try storageRequests().map { $0.hasSuffix("/info/collections") } == [true])
    }
    // The token server gets no request either.
    try stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.requests().filter { !$0.isStorage }.isEmpty)
  }

  @Test func sendsTwoRequestsForAChange() throws {
    try stage.sandbox.put([login("added0000000")])
    #expect(try stage.sync("pull").expectSuccess().output == "47 logins, 1 new, 0 changed, 0 removed\n")
    #expect(try storageRequests().count == 2)
    try stage.sandbox.put([login("added0000000", ["password": "changed"])])
    try stage.sandbox.edit(["collection": "passwords", "id": "lockwise0001", "tombstone": true])
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins, 0 new, 1 changed, 1 removed\n")
    #expect(try stage.get("protocol=https\nhost=added0000000.example\n").password == "changed")
    #expect(try stage.get("protocol=ssh\nhost=build.example.org:2222\n").output.isEmpty)
  }

  @Test func restartsAfterAChangeBetweenPages() throws {
    try stage.sandbox.put((1...5).map { login("added000000\($0)") })
    try stage.sandbox.set(["storage.page": 1])
    try stage.sandbox.fault("storage/passwords", nth: 3, ["status": 412, "body": "0"])
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("51 logins"))
    let pages = try storageRequests().filter { $0.contains("/storage/passwords") }
    #expect(pages.count == 3 + 5, "\(pages)")
    #expect(try stage.get("protocol=https\nhost=added0000005.example\n").password == "of added0000005")
  }

  @Test func stopsAfterRepeatedChanges() throws {
    try stage.sandbox.put((1...3).map { login("added000000\($0)") })
    try stage.sandbox.set(["storage.page": 1])
    try stage.sandbox.fault("offset=", count: 0, ["status": 412, "body": "0"])
    try stage.sync("pull").expectRefusal(8, "kept changing", "hint: try again")
    try expectCopyKept()
  }

  // MARK: Pauses

  @Test(arguments: ["Retry-After", "X-Weave-Backoff"])
  func backsOffFromABusyServerInLaterRuns(header: String) throws {
    try stage.sandbox.fault(
      "info/collections", ["status": 503, "body": "0", "headers": [header: "600"]])
    try stage.sync("pull").expectRefusal(8, "busy", "hint: try again later")
    #expect(try storageRequests().count == 1)
    for _ in 0..<2 {
      try stage.sync("pull").expectRefusal(8, "asked us to back off", "hint: try again later")
      #expect(try storageRequests().isEmpty)
    }
    try expectCopyKept()
  }

  @Test func keepsBackoffFromASuccessfulResponse() throws {
    try stage.sandbox.set(["storage.backoff": 600])
    try stage.sandbox.put([login("added0000000")])
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("47 logins"))
    _ = try storageRequests()
    try stage.sync("pull").expectRefusal(8, "asked us to back off")
    #expect(try storageRequests().isEmpty)
  }

  @Test func showsTheMessageOfTheOperators() throws {
    try stage.sandbox.set(["storage.alert": "maintenance\u{1B}[31m at noon"])
    let run = try stage.sync("pull").expectSuccess()
    #expect(run.error.contains("notice: message from the server: maintenance"), "\(run.error)")
    #expect(!run.error.contains("\u{1B}"), "a control character of the server reaches the terminal")
  }

  // MARK: States

  @Test func reportsMissingMetaGlobal() throws {
    try stage.sandbox.edit(["collection": "meta", "id": "global", "delete": true])
    try stage.sync("pull").expectRefusal(6, "the account has no Sync data", "hint: turn on Sync in Firefox")
    try expectCopyKept()
  }

  @Test(arguments: [
    (4, "the old format 4", "up-to-date Firefox"), (6, "has format 6; this version supports 5", "update lockwise"),
  ])
  func reportsAnotherStorageFormat(version: Int, error: String, hint: String) throws {
    try stage.sandbox.edit([
      "collection": "meta", "id": "global",
      "cleartext": ["syncID": "0123456789ab", "storageVersion": version, "engines": [:], "declined": []],
    ])
    try stage.sync("pull").expectRefusal(6, error, hint)
    try expectCopyKept()
  }

  @Test(arguments: [("{", "is not JSON"), ("{}", "is incomplete"), ("[]", "is not JSON")])
  func reportsDamagedMetaGlobal(payload: String, error: String) throws {
    try stage.sandbox.edit(["collection": "meta", "id": "global", "payload": payload])
    try stage.sync("pull").expectRefusal(6, error, "hint: let an up-to-date Firefox")
    try expectCopyKept()
  }

  @Test func reportsMissingCryptoKeys() throws {
    try stage.sandbox.edit(["collection": "crypto", "id": "keys", "delete": true])
    try stage.sync("pull").expectRefusal(6, "crypto/keys is missing", "Firefox")
    try expectCopyKept()
  }

  @Test(arguments: [
    ("key", 5, "encrypted with another Sync key"), ("hmac", 5, "encrypted with another Sync key"),
    ("cleartext", 6, "is invalid"),
  ])
  func reportsCryptoKeysOfAnotherKey(corruption: String, status: Int32, error: String) throws {
    try stage.sandbox.edit([
      "collection": "crypto", "id": "keys", "corrupt": corruption,
      "cleartext": ["id": "keys", "collection": "crypto", "default": ["AAAA", "AAAA"], "collections": [:]],
    ])
    try stage.sync("pull").expectRefusal(status, error, "hint: ")
    try expectCopyKept()
  }

  // MARK: Records

  @Test func countsAndListsBadRecords() throws {
    var expected: [String: String] = [:]
    func spoil(_ id: String, _ reason: String, _ edit: [String: Any], _ change: [String: Any] = [:]) -> [String: Any] {
      expected[id] = reason
      return ["collection": "passwords", "id": id, "cleartext": login(id, change)].merging(edit) { $1 }
    }
    let edits = [
      spoil("badhmac00000", "tampered with", ["corrupt": "hmac"]),
      spoil("badcipher000", "tampered with", ["corrupt": "ciphertext"]),
      spoil("badkey000000", "other keys", ["corrupt": "key"]),
      spoil("badid0000000", "its id differs", ["corrupt": "id"]),
      spoil("badclear0000", "not a JSON object", ["corrupt": "cleartext"]),
      spoil("badjson00000", "not an encrypted record", ["corrupt": "json"]),
      spoil("badiv0000000", "encryption is damaged", ["corrupt": "iv"]),
      spoil("badempty0000", "not an encrypted record", ["payload": ""]),
      spoil("nopassword00", "no password", [:], ["password": ""]),
      spoil("noorigin0000", "no origin", [:], ["hostname": ""]),
      spoil("numbers00000", "wrong type", [:], ["password": 4711, "username": 1]),
      spoil("bothtargets0", "both a form and a realm", [:], ["httpRealm": "x"]),
      spoil("notarget0000", "neither a form nor a realm", [:], ["formSubmitURL": NSNull()]),
      spoil("linefeed0000", "member hostname has an invalid character", [:], ["hostname": "https://a\nb"]),
    ]
    try stage.sandbox.edit([
      "edits": edits + [["collection": "passwords", "id": "good00000000", "cleartext": login("good00000000")]]
    ])
    let run = try stage.sync("pull").expectSuccess()
    #expect(
      run.output.contains("47 logins") && run.output.contains("\(edits.count) records set aside"), "\(run.output)")
    let listed = try stage.status()["setAside"] as? [[String: String]] ?? []
    #expect(Set(listed.compactMap { $0["id"] }) == Set(expected.keys))
    for record in listed {
      let reason = record["reason"] ?? ""
      let wanted = expected[record["id"] ?? ""] ?? "?"
      #expect(reason.contains(wanted), "\(record)")
    }
    let text = try stage.sync("status").expectSuccess().output
    #expect(text.contains("set aside:  \(edits.count) records"))
    #expect(text.contains("  nopassword00: no password"))
    #expect(!text.contains("of bad") && !text.contains("4711") && !text.contains(".example"), "\(text)")
    #expect(try stage.get("protocol=https\nhost=good00000000.example\n").password == "of good00000000")
    #expect(try stage.get("protocol=https\nhost=badhmac00000.example\n").output.isEmpty)

    // Repaired or deleted records are forgotten.
    try stage.sandbox.put([login("badhmac00000")])
    try stage.sandbox.edit(["collection": "passwords", "id": "nopassword00", "tombstone": true])
    try stage.sync("pull").expectSuccess()
    #expect((try stage.status()["setAside"] as? [Any])?.count == edits.count - 2)
    #expect(try stage.get("protocol=https\nhost=badhmac00000.example\n").password == "of badhmac00000")
  }

  @Test func keepsTheOlderVersionAfterABadUpdate() throws {
    let github = try #require(ExpectedLogin.all().first { $0.origin == "https://github.com" })
    try stage.sandbox.edit(["collection": "passwords", "id": github.guid, "cleartext": login("x"), "corrupt": "hmac"])
    #expect(try stage.sync("pull").expectSuccess().output.contains("1 record set aside"))
    try expectCopyKept()
  }

  @Test func keepsTheLoginsOfAVanishedCollection() throws {
    try stage.sandbox.edit([
      "edits": ExpectedLogin.all().map { ["collection": "passwords", "id": $0.guid, "delete": true] }
    ])
    try stage.sync("pull").expectSuccess()
    try expectCopyKept()
  }
}
