import Foundation
import Testing

@testable import LockwiseHostSupport

/// The two commands that delete more than a record, and the one that sets up a storage.
@Suite final class RawDeletionTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    stage.mayDeleteCollections = true
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
  }

  private func collections() throws -> [String] {
    try stage.sync("collections", "--format", "jsonl").expectSuccess().lines
      .compactMap { $0.firstMatch(of: /"name":"([^"]+)"/).map { String($0.1) } }
  }

  /// What is written while the question stands is not deleted.
  @Test func nothingUnseenIsDeleted() throws {
    for arguments in [["delete-collection", "tabs"], ["wipe"]] {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), arguments, environment: stage.scratch.environment)
      try terminal.expect("to confirm: ")
      try stage.sandbox.edit(["collection": "tabs", "id": "new", "cleartext": ["n": 1]])
      terminal.enter(arguments.count == 1 ? SandboxProcess.email : "tabs")
      let outcome = try terminal.finish()
      #expect(outcome.status == 8 && outcome.shown.contains("changed meanwhile"), "\(outcome.shown)")
    }
    #expect(try collections().count == 6)
  }

  @Test func setsUpAnEmptyStorageOnce() throws {
    try stage.sync("init-storage").expectRefusal(6, "bookmarks, clients, crypto, meta, passwords, tabs")
    stage.mayBeRejected = true
    try stage.sandbox.reassign(keepData: false)
    try stage.sync("pull").expectRefusal(6, "no Sync data")
    try stage.sandbox.clearRequests()
    try stage.sync("init-storage").expectSuccess()
    let writes = try stage.sandbox.requests().filter { $0.isStorage && $0.method != "GET" }
    #expect(writes.map(\.method) == ["PUT", "PUT"])
    #expect(writes.map { $0.path.hasSuffix("/meta/global") } == [true, false])
    let meta = try #require(
      try JSONSerialization.jsonObject(with: Data(stage.sync("get", "meta", "global").outputBytes)) as? [[String: Any]]
    ).first
    #expect(meta?["storageVersion"] as? Int == 5 && (meta?["declined"] as? [Any])?.isEmpty == true)
    let engines = try #require(meta?["engines"] as? [String: [String: Any]])
    let versions = engines.mapValues { $0["version"] as? Int }
    #expect(
      versions == [
        "addons": 1, "bookmarks": 2, "clients": 1, "extension-storage": 1, "forms": 1, "history": 1, "passwords": 1,
        "prefs": 2, "tabs": 1,
      ])
    let ids = engines.values.compactMap { $0["syncID"] as? String } + [meta?["syncID"] as? String ?? ""]
    #expect(Set(ids).count == 10 && ids.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{12}/) != nil }, "\(ids)")
    // The sandbox decrypts with the account's keys, derived by its own code.
    let keys = try #require(
      try stage.sandbox.control.json("GET", "/__sandbox__/decrypt?collection=crypto") as? [[String: Any]])
    let cleartext = try #require(keys.first?["cleartext"] as? [String: Any])
    #expect(cleartext["id"] as? String == "keys" && (cleartext["collections"] as? [String: Any])?.isEmpty == true)
    let bundle = try #require(cleartext["default"] as? [String])
    #expect(bundle.count == 2 && bundle[0] != bundle[1] && bundle.allSatisfy { Data(base64Encoded: $0)?.count == 32 })
    try stage.sync("init-storage").expectRefusal(6, "crypto, meta")
    try stage.sync("pull").expectSuccess()
  }

  @Test func setsUpOnlyWithoutAnotherClient() throws {
    stage.mayBeRejected = true
    try stage.sandbox.reassign(keepData: false)
    try stage.sandbox.faults([["match": ["method": "PUT", "path": "meta/global"], "action": ["delayMs": 2000]]])
    let program = try RunningProgram(
      Executables.path("lockwise-sync"), ["init-storage"], environment: stage.scratch.environment)
    let isHeld = try Deadline(seconds: 20).await {
      usleep(20_000)
      let faults = try stage.sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
      return faults?.first?["matches"] as? Int == 1
    }
    #expect(isHeld)
    try stage.sandbox.edit(["collection": "meta", "id": "global", "cleartext": ["syncID": "theirs"]])
    try program.finish().expectRefusal(6, "another client is setting up")
    #expect(try stage.sync("get", "meta", "global").output.contains("\"theirs\""))
    #expect(try collections() == ["meta"])
  }
}
