import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Interrupted uploads lose and duplicate nothing.
@Suite final class PushFaultTests {
  let stage: TestHome
  let logins = NewLogins(12)

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.sandbox.set(["storage.max-post-records": 3])
    try stage.signInAndPull()
    try stage.sandbox.clearRequests()
  }

  private func waiting() throws -> Int? { try stage.status()["waiting"] as? Int }

  private func put() throws -> Run { try stage.sync("put", "passwords", input: .text(logins.json)) }

  /// Makes a POST fail.
  private func fault(_ path: String = "/storage/passwords", nth: Int = 1, _ action: [String: Any]) throws {
    try stage.sandbox.faults([["match": ["method": "POST", "path": path, "nth": nth], "action": action]])
  }

  private func expectAllThere(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try logins.stored(in: stage.sandbox).count == 12, sourceLocation: sourceLocation)
    #expect(try waiting() == 0, sourceLocation: sourceLocation)
  }

  /// Starts the upload, and calls `body` while the sandbox delays the second POST.
  private func putMeanwhile(_ body: () throws -> Void) throws -> Run {
    try fault(nth: 2, ["delayMs": 2500])
    let program = try RunningProgram(
      Executables.path("lockwise-sync"), ["put", "passwords"], input: .text(logins.json),
      environment: stage.scratch.environment)
    let isHeld = try Deadline(seconds: 30).await {
      usleep(20_000)
      let faults = try stage.sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
      return faults?.first?["matches"] as? Int == 2
    }
    #expect(isHeld)
    try body()
    return try program.finish()
  }

  @Test(arguments: [true, false]) func losesNothingIfTheResponseIsLost(hasBatches: Bool) throws {
    try stage.sandbox.set(["storage.batches": hasBatches])
    if hasBatches { try fault("commit=true", ["dropAfter": true]) } else { try fault(nth: 2, ["dropAfter": true]) }
    let run = try put()
    #expect(run.status == 4 && run.error.contains("kept in the vault"), "\(run.error)")
    #expect(try logins.stored(in: stage.sandbox).count == (hasBatches ? 12 : 6))
    // libcurl did not repeat it either, although it had used the connection before.
    let writes = try stage.sandbox.storageWrites()
    #expect(writes.last == "POST dropped" && writes.filter { $0 == "POST dropped" }.count == 1, "\(writes)")
    try stage.sandbox.clearRequests()
    try stage.sync("push").expectSuccess()
    try expectAllThere()
    #expect(try stage.sandbox.storageWrites().count == (hasBatches ? 0 : 2))
  }

  @Test func losesNoRawRecordIfTheResponseIsLost() throws {
    try stage.sandbox.faults([["match": ["method": "PUT"], "action": ["dropAfter": true]]])
    // Its own first write must not count as another client's.
    let run = try stage.sync("put", "things", "a", input: .text("{}"))
    #expect(run.status == 4 && !run.error.contains("changed meanwhile"), "\(run.error)")
    #expect(try stage.sandbox.storageWrites() == ["PUT dropped"])
  }

  @Test(arguments: [true, false]) func losesNothingIfTheConnectionBreaks(hasBatches: Bool) throws {
    try stage.sandbox.set(["storage.batches": hasBatches])
    try fault(hasBatches ? "commit=true" : "/storage/passwords", nth: hasBatches ? 1 : 4, ["dropBefore": true])
    #expect(try put().status == 4)
    #expect(try logins.stored(in: stage.sandbox).count == (hasBatches ? 0 : 9))
    try stage.sync("push").expectSuccess()
    try expectAllThere()
  }

  @Test func repeatsAnExpiredBatch() throws {
    try stage.sandbox.set(["storage.batch-lifetime": 1])
    try fault(nth: 2, ["delayMs": 2500])
    try put().expectSuccess()
    #expect(try stage.sandbox.storageWrites().filter { $0 == "POST 400" }.count == 1)
    try expectAllThere()
  }

  /// The upload ends instead of repeating forever.
  @Test func stopsIfEveryBatchExpires() throws {
    try stage.sandbox.faults([
      ["match": ["method": "POST", "path": "?batch=", "nth": 2, "count": 0], "action": ["status": 400, "body": "0"]]
    ])
    let run = try put()
    #expect(run.status == 4 && run.error.contains("refuses the request"), "\(run.error)")
    #expect(try stage.sandbox.storageWrites().count < 10)
    #expect(try waiting() == 12)
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    try expectAllThere()
  }

  @Test(arguments: [true, false]) func continuesWithANewToken(hasBatches: Bool) throws {
    try stage.sandbox.set(["storage.batches": hasBatches])
    try fault(nth: 3, ["status": 401, "body": "0"])
    try put().expectSuccess()
    #expect(try stage.sandbox.storageWrites().filter { $0 == "POST 401" }.count == 1)
    try expectAllThere()
  }

  @Test func followsAnAccountToAnotherServer() throws {
    stage.mayBeRejected = true
    let run = try putMeanwhile { try stage.sandbox.reassign() }
    #expect(run.status == 8 && run.error.contains("moved to another"), "\(run.error)")
    #expect(try logins.stored(in: stage.sandbox) == [])
    #expect(try waiting() == 12)
    try stage.sync("push").expectSuccess()
    try expectAllThere()
  }

  @Test func mergesAWriteOfAnotherClient() throws {
    let run = try putMeanwhile {
      try stage.sandbox.put([LoginJSON("lockwise0001", origin: "https://x.example", password: "x").object])
    }
    run.expectSuccess()
    #expect(try stage.sandbox.storedLogins()["lockwise0001"]?["password"] as? String == "x")
    try expectAllThere()
  }

  @Test(arguments: [(429, "Retry-After"), (503, "Retry-After"), (503, "X-Weave-Backoff")])
  func backsOffFromABusyServer(status: Int, header: String) throws {
    try fault(nth: 2, ["status": status, "body": "0", "headers": [header: "600"]])
    let run = try put()
    #expect(run.status == 8 && run.error.contains("busy (HTTP \(status)), try again in 10 minutes"), "\(run.error)")
    try stage.sandbox.clearRequests()
    for _ in 0..<2 {
      try stage.sync("push").expectRefusal(8, "asked us to back off for ", " more", "hint: try again later")
    }
    try stage.sync("put", "things", input: .text("{}")).expectRefusal(8, "asked us to back off")
    #expect(try stage.sandbox.requests().isEmpty)
    #expect(try logins.stored(in: stage.sandbox) == [])
    #expect(try waiting() == 12)
  }

  @Test func continuesAfterThePause() throws {
    try fault(nth: 2, ["status": 503, "body": "0", "headers": ["Retry-After": "1"]])
    #expect(try put().status == 8)
    usleep(1_200_000)
    try stage.sync("push").expectSuccess()
    try expectAllThere()
  }

  /// The header applies on a successful response too.
  @Test func keepsAPauseFromASuccessfulResponse() throws {
    try stage.sandbox.set(["storage.backoff": 600])
    try put().expectSuccess()
    try expectAllThere()
    try stage.sandbox.set(["storage.backoff": NSNull()])
    try stage.sandbox.clearRequests()
    try stage.sync("push").expectRefusal(8, "asked us to back off")
    #expect(try stage.sandbox.requests().isEmpty)
  }
}
