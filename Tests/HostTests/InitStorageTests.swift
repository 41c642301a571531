import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `init-storage` that is interrupted (issue 12, A3).
@Suite final class InitStorageTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    stage.mayBeRejected = true
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    try stage.sandbox.reassign(keepData: false)
  }

  private func fault(_ path: String, _ action: [String: Any]) throws {
    try stage.sandbox.faults([["match": ["method": "PUT", "path": path], "action": action]])
  }

  private func expectComplete(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try stage.sync("put", "passwords", input: .text(LoginJSON().text)).expectSuccess(sourceLocation: sourceLocation)
    #expect(try stage.sandbox.storedLogins().count == 1, "the sandbox decrypts it", sourceLocation: sourceLocation)
    try stage.sync("init-storage")
      .expectRefusal(6, "crypto, meta, passwords", sourceLocation: sourceLocation)
  }

  @Test(arguments: ["meta/global", "crypto/keys"], ["dropBefore", "dropAfter"])
  func finishesAnInterruptedSetUp(path: String, loss: String) throws {
    try fault(path, [loss: true])
    #expect(try stage.sync("init-storage").status == 4)
    let begun = try stage.sandbox.record("global", in: "meta")
    try stage.sandbox.clearFaults()
    try stage.sync("init-storage").expectSuccess()
    if let begun { #expect(try stage.sandbox.record("global", in: "meta") == begun, "no second generation") }
    try expectComplete()
  }

  @Test func finishesAKilledSetUp() throws {
    try fault("crypto/keys", ["delayMs": 3000, "dropBefore": true])
    let program = try RunningProgram(
      Executables.path("lockwise-sync"), ["init-storage"], environment: stage.scratch.environment)
    let isHeld = try Deadline(seconds: 20).await {
      usleep(20_000)
      let faults = try stage.sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
      return faults?.first?["matches"] as? Int == 1
    }
    #expect(isHeld)
    program.signal(SIGKILL)
    _ = try program.finish()
    try stage.sandbox.clearFaults()
    try stage.sync("init-storage").expectSuccess()
    try expectComplete()
  }

  /// Records that another client wrote after the interruption are never taken for ours.
  @Test(arguments: ["meta", "crypto", "bookmarks"]) func refusesAStorageOfAnotherClient(collection: String) throws {
    try fault("crypto/keys", ["dropBefore": true])
    #expect(try stage.sync("init-storage").status == 4)
    try stage.sandbox.clearFaults()
    let others = ["meta": "global", "crypto": "keys", "bookmarks": "menu"]
    try stage.sandbox.edit([
      "collection": collection, "id": others[collection] ?? "", "payload": #"{"syncID":"theirs"}"#,
    ])
    let before = try stage.sandbox.record("global", in: "meta")
    try stage.sync("init-storage").expectRefusal(6, "already has Sync data", collection)
    #expect(try stage.sandbox.record("global", in: "meta") == before)
    if collection != "crypto" { #expect(try stage.sandbox.record("keys", in: "crypto") == nil) }
    try stage.sync("init-storage").expectRefusal(6, "already has Sync data")
  }

  @Test func refusesAnIncompleteUnknownStorage() throws {
    try stage.sandbox.edit(["collection": "meta", "id": "global", "cleartext": ["syncID": "theirs"]])
    try stage.sync("init-storage").expectRefusal(6, "already has Sync data: meta")
  }
}

extension SandboxProcess {
  /// Returns a record as it is stored; nil if it does not exist.
  fileprivate func record(_ id: String, in collection: String) throws -> String? {
    let rows = try control.json("GET", "/__sandbox__/decrypt?collection=\(collection)") as? [[String: Any]]
    guard let row = rows?.first(where: { $0["id"] as? String == id }), let text = row["cleartext"] else { return nil }
    return String(decoding: try JSONSerialization.data(withJSONObject: text, options: .sortedKeys), as: UTF8.self)
  }
}
