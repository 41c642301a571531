import Foundation
import Testing

@testable import LockwiseHostSupport

/// Writing any record, but never over an unseen one.
@Suite final class RawWriteTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
  }

  /// Returns a record, decrypted by the sandbox's own code; nil if it does not exist.
  private func stored(_ collection: String, _ id: String) throws -> NSDictionary? {
    let path = "/__sandbox__/decrypt?collection=\(collection)&id=\(id)"
    let found = try stage.sandbox.control.json("GET", path)
    let record = (found as? [[String: Any]])?.first ?? found as? [String: Any]
    return (record?["cleartext"] as? [String: Any]).map { NSDictionary(dictionary: $0) }
  }

  private func writes() throws -> [String] {
    try stage.sandbox.requests().filter { $0.isStorage && $0.method != "GET" }.map { "\($0.method) \($0.status ?? 0)" }
  }

  @Test func writesAndReadsAWholeBookmark() throws {
    let before = try #require(try stored("bookmarks", "toolbar"))
    let text = try stage.sync("get", "bookmarks", "toolbar", "--format", "jsonl").expectSuccess().output
    let changed = text.replacing(
      "\"title\":\"toolbar\"", with: "\"title\":\"Ö \\\"x\\\"\",\"unknown\":{\"a\":[1.50,null]}")
    #expect(changed != text)
    let run = try stage.sync("put", "bookmarks", input: .text(changed)).expectSuccess()
    #expect(run.output == "toolbar\n" && run.error.isEmpty)
    let written = try #require(try stored("bookmarks", "toolbar"))
    let after = try #require(written.mutableCopy() as? NSMutableDictionary)
    #expect(after["title"] as? String == "Ö \"x\"")
    #expect(after["unknown"] as? NSDictionary == ["a": [1.5, NSNull()] as [Any]])
    after.setObject("toolbar" as NSString, forKey: "title" as NSString)
    after.removeObject(forKey: "unknown")
    #expect(after.isEqual(before))
    #expect(try stage.sync("get", "bookmarks", "toolbar", "--format", "jsonl").output == changed)
    #expect(try writes() == ["PUT 200"])
  }

  @Test func acceptsAnArrayOrLines() throws {
    #expect(try stage.sync("put", "things", "one", input: .text("{\"n\":1}")).expectSuccess().output == "one\n")
    let array = try stage.sync("put", "things", input: .text("[{\"id\":\"a\",\"n\":2},{\"id\":\"b\"}]")).expectSuccess()
    #expect(array.output == "a\nb\n")
    let lines = try stage.sync("put", "things", input: .text("{\"n\":3}\n{\"n\":4}\n")).expectSuccess().lines
    #expect(lines.count == 2 && lines.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{12}/) != nil }, "\(lines)")
    #expect(try stored("things", "one") == ["id": "one", "n": 1])
    #expect(try stored("things", lines[1]) == ["id": lines[1], "n": 4])
    let all = try stage.sync("get", "things", "--sort", "oldest").expectSuccess()
    let again = try stage.sync("put", "things", "--replace", input: .bytes(all.outputBytes)).expectSuccess()
    #expect(again.lines.count == 5)
    #expect(try stage.sync("get", "things", "--sort", "oldest").output == all.output)
    #expect(
      try stage.sync("put", "new", input: .text("{\"id\":\"x\"}\n{\"id\":\"y\"}")).expectSuccess().lines == ["x", "y"])
  }

  @Test func writesManyRecordsInBatches() throws {
    try stage.sandbox.set(["storage.max-post-records": 40])
    let lines = (0..<250).map { "{\"id\":\"id\($0)\",\"n\":\($0)}\n" }
    let run = try stage.sync("put", "things", input: .text(lines.joined())).expectSuccess()
    #expect(run.lines == (0..<250).map { "id\($0)" })
    #expect(try writes().count == 7)
    #expect(try stage.sync("get", "things", "--ids", "--format", "jsonl").lines.count == 250)
  }

  /// More records than the server makes visible at once. Those written before another client's write are reported.
  @Test func reportsWrittenRecordsIfOthersFail() throws {
    try stage.sandbox.set(["storage.max-total-records": 3])
    try stage.sandbox.faults([
      ["match": ["method": "POST", "path": "/storage/things", "nth": 2], "action": ["status": 412]]
    ])
    let run = try stage.sync("put", "things", input: .text((0..<7).map { "{\"id\":\"id\($0)\"}\n" }.joined()))
    #expect(run.status == 8 && run.lines == ["id0", "id1", "id2"], "\(run.error)")
    #expect(
      Set(try stage.sync("get", "things", "--ids", "--format", "jsonl").lines) == ["\"id0\"", "\"id1\"", "\"id2\""])
  }

  @Test func createsAndReplaces() throws {
    try stage.sync("put", "things", "a", "--replace", input: .text("{}")).expectRefusal(1, "no record a in things")
    try stage.sync("put", "things", "a", "--create", input: .text("{\"n\":1}")).expectSuccess()
    try stage.sync("put", "things", "a", "--create", input: .text("{\"n\":2}"))
      .expectRefusal(1, "already has a record a")
    try stage.sync("put", "things", "a", "--replace", input: .text("{\"n\":3}")).expectSuccess()
    let two = "{\"id\":\"a\",\"n\":4}\n{\"id\":\"b\",\"n\":4}"
    try stage.sync("put", "things", "--create", input: .text(two)).expectRefusal(1, "already has a record a")
    try stage.sync("put", "things", "--replace", input: .text(two)).expectRefusal(1, "no record b")
    #expect(try stored("things", "a") == ["id": "a", "n": 3])
    #expect(try stored("things", "b") == nil)
    try stage.sync("put", "things", "--create", "--replace", input: .text(two)).expectRefusal(64, "cannot be combined")
  }

  /// Another client writes between our read and our write, which the sandbox delays.
  @Test func doesNotOverwriteAWriteInTheMeantime() throws {
    try stage.sandbox.edit(["collection": "things", "id": "a", "cleartext": ["n": 1]])
    for (input, method) in [("{\"id\":\"a\",\"n\":2}", "PUT"), ("{\"id\":\"a\",\"n\":2}\n{\"id\":\"new\"}", "POST")] {
      let program = try held(["put", "things"], input: input, method)
      try stage.sandbox.edit(["collection": "things", "id": "a", "cleartext": ["n": 9]])
      try program.finish().expectRefusal(8, "changed meanwhile", "run the command again")
      #expect(try stored("things", "a") == ["id": "a", "n": 9], "\(method)")
    }
    #expect(try stored("things", "new") == nil)
    #expect(try writes() == ["PUT 412", "POST 412"])
  }

  /// Starts a command whose first write the sandbox delays by two seconds.
  private func held(_ arguments: [String], input: String = "", _ method: String) throws -> RunningProgram {
    try stage.sandbox.faults([
      ["match": ["method": method, "path": "/storage/things"], "action": ["delayMs": 2000]]
    ])
    let program = try RunningProgram(
      Executables.path("lockwise-sync"), arguments, input: .text(input), environment: stage.scratch.environment)
    let isHeld = try Deadline(seconds: 20).await {
      usleep(20_000)
      let faults = try stage.sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
      return faults?.first?["matches"] as? Int == 1
    }
    #expect(isHeld)
    return program
  }

  @Test func writesNothingForInvalidInput() throws {
    try stage.sandbox.clearRequests()
    for (input, words) in [
      ("", "no record"), ("nonsense", "not JSON (byte 1)"), ("{}\n{", "line 2"), ("[]", "no record"),
      ("[1]", "record 1"),
      ("{\"id\":7}", "id of the record"), ("{\"id\":\"a\"}\n{\"id\":\"a\"}", "line 2"),
    ] {
      try stage.sync("put", "things", input: .text(input)).expectRefusal(64, words, "nothing was written")
    }
    try stage.sync("put", "things", "a", input: .text("{\"id\":\"b\"}")).expectRefusal(64, "has a different id inside")
    try stage.sync("put", "things", "a", input: .text("{}\n{}")).expectRefusal(64, "several records")
    try stage.sync("put", "a/b", input: .text("{}")).expectRefusal(64)
    try stage.sync("put", "things", "a,b", input: .text("{}")).expectRefusal(64)
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func reportsRefusedRecords() throws {
    try stage.sandbox.set(["storage.max-record-payload-bytes": 400])
    let large = "{\"id\":\"large\",\"x\":\"" + String(repeating: "x", count: 500) + "\"}"
    let one = try stage.sync("put", "things", input: .text(large))
    #expect(one.status == 6 && one.output.isEmpty && one.error.contains("things large: larger than the server accepts"))
    let two = try stage.sync("put", "things", input: .text(large + "\n{\"id\":\"small\"}"))
    #expect(two.status == 6 && two.output == "small\n" && two.error.contains("things large: larger than"))
    try stage.sandbox.set(["storage.quota-bytes": 1])
    try stage.sync("put", "things", input: .text("{}")).expectRefusal(6, "storage is full")
    try stage.sync("put", "things", input: .text("{}\n{}")).expectRefusal(6, "storage is full")
  }

  @Test func leavesATombstoneAfterADeletion() throws {
    try stage.sync("put", "things", input: .text("{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}")).expectSuccess()
    try stage.sync("delete", "things", "a").expectSuccess()
    #expect(try stored("things", "a") == ["id": "a", "deleted": true])
    let run = try stage.sync("delete", "things", "none", "b")
    #expect(run.status == 1 && run.error == "lockwise-sync: error: there is no record none in things\n")
    #expect(try stored("things", "b") == ["id": "b", "deleted": true])
    try stage.sync("delete", "things", "--hard", "a", "c").expectSuccess()
    #expect(try stage.sync("get", "things", "--ids", "--format", "jsonl").output == "\"b\"\n")
    try stage.sync("delete", "things", "--hard", "a").expectRefusal(1, "no record a")
    try stage.sync("delete", "things").expectRefusal(64)
  }

  @Test func doesNotDeleteAWriteInTheMeantime() throws {
    try stage.sandbox.edit(["collection": "things", "id": "a", "cleartext": ["n": 1]])
    for (option, method) in [([], "PUT"), (["--hard"], "DELETE")] {
      let program = try held(["delete", "things", "a"] + option, method)
      try stage.sandbox.edit(["collection": "things", "id": "a", "cleartext": ["n": 9]])
      try program.finish().expectRefusal(8, "changed meanwhile")
      #expect(try stored("things", "a") == ["id": "a", "n": 9], "\(method)")
    }
    #expect(try writes() == ["PUT 412", "DELETE 412"])
  }

  /// A collection gets its own keys, written by the command itself.
  @Test func usesTheKeysOfACollection() throws {
    let keys = try stage.sync("get", "crypto", "keys", "--format", "jsonl").expectSuccess().output
    let own = ["A", "B"].map { Data(repeating: $0.utf8.first ?? 0, count: 32).base64EncodedString() }
    let changed = keys.replacing(
      "\"collections\":{}", with: "\"collections\":{\"things\":[\"\(own[0])\",\"\(own[1])\"]}")
    #expect(changed != keys)
    try stage.sync("put", "things", "before", input: .text("{}")).expectSuccess()
    try stage.sync("put", "crypto", "--force", "--replace", input: .text(changed)).expectSuccess()
    try stage.sync("put", "things", "after", input: .text("{\"n\":1}")).expectSuccess()
    #expect(try stored("things", "after") == ["id": "after", "n": 1])
    #expect(try stored("things", "before") == nil, "encrypted with the default keys")
    try stage.sync("put", "other", "after", input: .text("{\"n\":1}")).expectSuccess()
    #expect(try stored("other", "after") == ["id": "after", "n": 1])
    let run = try stage.sync("get", "things", "--sort", "oldest")
    #expect(run.status == 6 && run.output == "[\n{\"id\":\"after\",\"n\":1}\n]\n")
    #expect(run.error.contains("things before: encrypted with other keys"))
  }

  @Test func requiresForceForMetaAndCrypto() throws {
    let before = try stage.sync("get", "meta", "--raw").output + stage.sync("get", "crypto", "--raw").output
    for name in ["meta", "crypto"] {
      try stage.sync("put", name, "x", input: .text("{}")).expectRefusal(64, "--force")
      try stage.sync("delete", name, "global").expectRefusal(64, "--force")
      try stage.sync("delete", name, "--hard", "global").expectRefusal(64, "--force")
      try stage.sync("delete-collection", name, "--yes", name).expectRefusal(64, "--force")
      try stage.sync("delete", name, "--force", "global").expectRefusal(64, "--hard")
    }
    #expect(try stage.sync("get", "meta", "--raw").output + stage.sync("get", "crypto", "--raw").output == before)
    #expect(try writes().isEmpty)
    try stage.sync("put", "meta", "x", "--force", input: .text("{\"n\": 1}")).expectSuccess()
    let raw = try stage.sync("get", "meta", "x", "--raw").expectSuccess().output
    #expect(raw.contains("\"payload\":\"{\\\"n\\\": 1}\""), "\(raw)")
    try stage.sync("put", "crypto", "x", "--force", input: .text("{\"n\":1}")).expectSuccess()
    #expect(try stage.sync("get", "crypto", "x").expectSuccess().output == "[\n{\"id\":\"x\",\"n\":1}\n]\n")
    try stage.sync("delete", "crypto", "--hard", "--force", "x").expectSuccess()
    try stage.sync("get", "crypto", "x").expectMissing("x")
  }
}

extension Run {
  /// Records an issue unless a single requested record was not found.
  fileprivate func expectMissing(_ id: String) {
    #expect(status == 1 && output == "[]\n" && error.contains("no record \(id)"), "\(error)")
  }
}
