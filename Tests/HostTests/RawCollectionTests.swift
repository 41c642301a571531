import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Reading any collection, at a terminal and in scripts.
@Suite final class RawCollectionTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
  }

  private func json(_ run: Run) throws -> [[String: Any]] {
    run.expectSuccess()
    return try #require(try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [[String: Any]])
  }

  @Test func printsCollectionsInEveryFormat() throws {
    let list = try json(stage.sync("collections"))
    #expect(list.map { $0["name"] as? String } == ["bookmarks", "clients", "crypto", "meta", "passwords", "tabs"])
    #expect(list.first?["records"] as? Int == 9 && list.last?["records"] as? Int == 1)
    #expect((list.first?["kilobytes"] as? Double ?? 0) > 3)
    let state = try stage.sync("get", "bookmarks", "--raw", "--limit", "1")
    #expect(list.first?["modified"] as? Double == (try json(state).first?["modified"] as? Double))
    let lines = try stage.sync("collections", "--format", "jsonl").expectSuccess().lines
    #expect(lines.count == 6 && lines.allSatisfy { $0.hasPrefix("{\"name\":") })
    let csv = try stage.sync("collections", "--format", "csv").expectSuccess().output.components(separatedBy: "\r\n")
    #expect(csv.count == 8 && csv[0] == "name,records,kilobytes,modified" && csv[1].hasPrefix("bookmarks,9,3."))
    let tsv = try stage.sync("collections", "--format", "tsv").expectSuccess().lines
    #expect(tsv.count == 7 && tsv[1].hasPrefix("bookmarks\t9\t"))
    let table = try stage.sync("collections", "--format", "table").expectSuccess().lines
    #expect(table.count == 7 && table[0].hasPrefix("NAME       RECORDS  KILOBYTES"))
    #expect(table[1].wholeMatch(of: /bookmarks  9 {8}3\.\d+ +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(table[1])")
    try stage.sync("collections", "--format", "xml").expectRefusal(64, "xml")
  }

  @Test func printsTablesAtATerminal() throws {
    func shown(_ arguments: String...) throws -> String {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), arguments, environment: stage.scratch.environment)
      let outcome = try terminal.finish()
      #expect(outcome.status == 0, "\(outcome.shown)")
      return outcome.shown
    }
    #expect(try shown("collections").hasPrefix("NAME       RECORDS"))
    #expect(try shown("quota").hasPrefix("USED"))
    #expect(try shown("configuration").hasPrefix("NAME"))
    let records = try shown("get", "bookmarks")
    #expect(records.hasPrefix("ID            MODIFIED              SORTINDEX  RECORD"))
    #expect(records.contains("\"title\":\"Get Help\""))
    #expect(try shown("collections", "--format", "json").hasPrefix("["))
  }

  @Test func printsQuotaAndConfiguration() throws {
    var quota = try #require(try json(stage.sync("quota")).first)
    #expect((quota["used"] as? Double ?? 0) > 30 && quota["allowed"] is NSNull)
    try stage.sandbox.set(["storage.quota-bytes": 1_048_576])
    quota = try #require(try json(stage.sync("quota")).first)
    #expect(quota["allowed"] as? Double == 1024)
    try stage.sandbox.set(["storage.max-post-records": 7])
    let limits = try json(stage.sync("configuration"))
    #expect(limits.contains { $0["name"] as? String == "max_post_records" && $0["value"] as? Int == 7 })
    try stage.sandbox.set(["storage.configuration": false])
    #expect(try json(stage.sync("configuration")).isEmpty)
  }

  /// The records of a real Firefox, compared with the sandbox's own decryption.
  @Test(arguments: ["bookmarks", "clients", "tabs", "passwords", "crypto"])
  func decryptsFirefoxsRecords(collection: String) throws {
    let records = try json(stage.sync("get", collection))
    let decrypted = try #require(
      try stage.sandbox.control.json("GET", "/__sandbox__/decrypt?collection=\(collection)") as? [[String: Any]])
    let expected = decrypted.compactMap { $0["cleartext"] as? [String: Any] }
    #expect(!expected.isEmpty)
    func sorted(_ list: [[String: Any]]) -> [NSDictionary] {
      list.sorted { ($0["id"] as? String ?? "") < ($1["id"] as? String ?? "") }.map { NSDictionary(dictionary: $0) }
    }
    #expect(sorted(records) == sorted(expected))
  }

  @Test func readsMetaWithoutDecryption() throws {
    let records = try json(stage.sync("get", "meta"))
    #expect(records.first?["id"] as? String == "global" && records.first?["storageVersion"] as? Int == 5)
  }

  @Test func printsRawRecords() throws {
    let record = try #require(try json(stage.sync("get", "bookmarks", "toolbar", "--raw")).first)
    #expect(Set(record.keys).isSuperset(of: ["id", "modified", "payload"]))
    let payload = try #require(record["payload"] as? String)
    #expect(payload.contains("\"ciphertext\"") && payload.contains("\"hmac\""))
    #expect(!(try stage.sandbox.requests().contains { $0.path.contains("crypto/keys") }), "no keys are needed")
    let csv = try stage.sync("get", "bookmarks", "toolbar", "--raw", "--format", "csv").expectSuccess().output
    #expect(csv.hasPrefix("id,modified,sortindex,payload\r\ntoolbar,") && csv.contains(",\"{\"\"ciphertext\"\":"))
  }

  @Test func selectsRecords() throws {
    try stage.sandbox.edit(["collection": "things", "id": "b", "sortindex": 5, "cleartext": ["n": 2]])
    try stage.sandbox.edit(["collection": "things", "id": "a", "sortindex": 9, "cleartext": ["n": 1]])
    try stage.sandbox.edit(["collection": "things", "id": "c", "sortindex": 1, "cleartext": ["n": 3]])
    func ids(_ options: String...) throws -> [String] {
      let run = try Run.program(
        Executables.path("lockwise-sync"), ["get", "things", "--ids"] + options, environment: stage.scratch.environment)
      return try #require(try JSONSerialization.jsonObject(with: Data(run.expectSuccess().outputBytes)) as? [String])
    }
    #expect(try ids("--sort", "oldest") == ["b", "a", "c"])
    #expect(try ids("--sort", "newest") == ["c", "a", "b"])
    #expect(try ids("--sort", "index") == ["a", "b", "c"])
    #expect(try ids("--sort", "index", "--limit", "2") == ["a", "b"])
    try stage.sandbox.set(["storage.page": 1])
    #expect(try ids("--sort", "oldest") == ["b", "a", "c"])
    #expect(try ids("--sort", "oldest", "--limit", "2") == ["b", "a"])
    let middle = try #require(try json(stage.sync("get", "things", "a", "--raw")).first?["modified"] as? Double)
    let time = String(format: "%.2f", middle)
    #expect(try ids("--newer", time) == ["c"])
    #expect(try ids("--older", time) == ["b"])
    #expect(try ids("--newer", "2001-01-01", "--sort", "oldest") == ["b", "a", "c"])
    #expect(try ids("--newer", "2199-01-01T00:00:00Z") == [])
    let run = try stage.sync("get", "things", "c", "none", "b")
    #expect(run.status == 1 && run.error == "lockwise-sync: error: there is no record none in things\n")
    #expect(run.output == "[\n{\"n\":3,\"id\":\"c\"},\n{\"n\":2,\"id\":\"b\"}\n]\n")
  }

  @Test func refusesInvalidRequests() throws {
    try stage.sync("get", "nothing").expectRefusal(1, "no collection nothing")
    for name in ["a/b", "", ".."] { try stage.sync("get", name).expectRefusal(64, "a collection's name") }
    try stage.sync("get", "tabs", "é").expectRefusal(64)
    try stage.sync("get", "tabs", "--newer", "yesterday").expectRefusal(64, "yesterday")
    try stage.sync("get", "tabs", "--sort", "best").expectRefusal(64)
    try stage.sync("get", "tabs", "--limit", "0").expectRefusal(64, "--limit")
    try stage.sync("get", "tabs", "--raw", "--ids").expectRefusal(64, "cannot be combined")
    try stage.sync("get", "tabs", "x", "--sort", "newest").expectRefusal(64, "cannot be combined with ids")
    try stage.sync("get", "tabs", with: ["LOCKWISE_HOME": stage.scratch.root + "/none"]).expectRefusal(2, "no vault")
    stage.sandbox.kill()
    for command in ["collections", "quota", "configuration"] { try stage.sync(command).expectRefusal(4) }
    try stage.sync("get", "tabs").expectRefusal(4)
  }

  @Test func readsAndWritesNothingWithALockedVault() throws {
    try stage.sandbox.clearRequests()
    try FileManager.default.removeItem(atPath: stage.scratch.keyFile)
    try stage.sync("lock").expectSuccess()
    for arguments in [
      ["collections"], ["quota"], ["configuration"], ["get", "tabs"], ["put", "things"], ["put", "passwords", "x"],
      ["delete", "things", "x"], ["delete-collection", "things", "--yes", "things"], ["wipe", "--yes", "x"],
      ["init-storage"],
    ] {
      let run = try Run.program(
        Executables.path("lockwise-sync"), arguments, input: .text(LoginJSON(username: nil).text),
        environment: stage.scratch.environment)
      run.expectRefusal(3)
    }
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func followsDataToAnotherServer() throws {
    stage.mayBeRejected = true
    try stage.sync("collections").expectSuccess()
    for command in [["get", "tabs"], ["quota"], ["put", "tabs", "new"], ["delete", "tabs", "new"]] {
      stage.mayWrite = true
      try stage.sandbox.reassign()
      try Run.program(
        Executables.path("lockwise-sync"), command, input: .text("{}"), environment: stage.scratch.environment
      ).expectSuccess()
    }
  }

  @Test func reportsRecordsThatCannotBeDecrypted() throws {
    let broken = ["hmac", "id", "cleartext", "json", "iv", "key"]
    for how in broken {
      try stage.sandbox.edit(["collection": "things", "id": "bad-\(how)", "cleartext": ["n": 1], "corrupt": how])
    }
    try stage.sandbox.edit(["collection": "things", "id": "good", "cleartext": ["n": 1]])
    let run = try stage.sync("get", "things")
    #expect(run.status == 6 && run.output == "[\n{\"n\":1,\"id\":\"good\"}\n]\n")
    #expect(run.errorLines.count == broken.count)
    for how in broken {
      #expect(run.errorLines.contains { $0.hasPrefix("lockwise-sync: error: things bad-\(how): ") }, "\(run.error)")
    }
    #expect(try json(stage.sync("get", "things", "--raw")).count == broken.count + 1)
  }

  @Test func reportsAChangeDuringTheReading() throws {
    try stage.sandbox.set(["storage.page": 3])
    // The second page is refused as if another client had written.
    try stage.sandbox.fault("/storage/bookmarks", nth: 2, ["status": 412])
    let run = try stage.sync("get", "bookmarks")
    #expect(run.status == 8 && run.error.contains("changed meanwhile"), "\(run.error)")
    #expect((try? JSONSerialization.jsonObject(with: Data(run.outputBytes))) == nil, "an incomplete array is not valid")
  }

  @Test func endsWhenThePipeIsClosed() throws {
    let sync = try Executables.path("lockwise-sync")
    let run = try Run.program(
      "/bin/sh", ["-c", "\"$0\" get passwords --format jsonl | head -n 1", sync], environment: stage.scratch.environment
    )
    #expect(run.status == 0 && run.lines.count == 1)
    let full = try Run.program(
      "/bin/sh", ["-c", "\"$0\" get passwords >/dev/full", sync], environment: stage.scratch.environment)
    full.expectRefusal(1, "cannot write the output")
  }
}
