import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Every command changes logins through the vault.
@Suite final class RawLoginTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
  }

  private func login(_ host: String, password: String, extra: String = "") -> String {
    LoginJSON(origin: "https://\(host)", password: password, more: ["formSubmitURL": "null"]).text.dropLast() + extra
      + "}"
  }

  private func answer(_ host: String) throws -> String? {
    try stage.get("protocol=https\nhost=\(host)\nusername=u\n\n").password
  }

  private func record(_ id: String) throws -> [String: Any]? {
    let run = try stage.sync("get", "passwords", id)
    return try (JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [[String: Any]])?.first
  }

  @Test func addsChangesAndDeletes() throws {
    let added = try stage.sync(
      "put", "passwords", input: .text(login("new.example", password: "one", extra: ",\"mine\":[1]")))
    let id = try #require(added.expectSuccess().lines.first)
    #expect(id.wholeMatch(of: /\{[0-9a-f-]{36}\}/) != nil)
    #expect(try answer("new.example") == "one")
    var stored = try #require(try record(id))
    #expect(stored["mine"] as? [Int] == [1] && stored["timeCreated"] is Int)
    // The JSON replaces the record: missing members are removed, and unknown ones are kept.
    let changed = login("new.example", password: "two", extra: ",\"other\":{\"a\":null}")
    #expect(
      try stage.sync("put", "passwords", id, "--replace", input: .text(changed)).expectSuccess().output == "\(id)\n")
    #expect(try answer("new.example") == "two")
    stored = try #require(try record(id))
    #expect(stored["mine"] == nil && stored["other"] is [String: Any] && stored["password"] as? String == "two")
    try stage.sync("delete", "passwords", id).expectSuccess()
    #expect(try answer("new.example") == nil)
    #expect(try record(id).map { NSDictionary(dictionary: $0) } == ["id": id, "deleted": true])
    #expect(
      try stage.sandbox.requests().filter { $0.isStorage && $0.method != "GET" }.map(\.method) == [
        "POST", "POST", "POST",
      ])
  }

  @Test func changesADuplicateInstead() throws {
    try stage.sync("put", "passwords", "mine00000001", input: .text(login("new.example", password: "one")))
      .expectSuccess()
    let run = try stage.sync("put", "passwords", "mine00000002", input: .text(login("new.example", password: "two")))
    #expect(run.expectSuccess().output == "mine00000001\n")
    #expect(run.error.contains("mine00000002 is the same login as mine00000001"))
    #expect(try answer("new.example") == "two")
    #expect(try record("mine00000002") == nil)
  }

  @Test func refusesLoginsThatFirefoxWouldRefuse() throws {
    let good = login("good.example", password: "x")
    let bad = LoginJSON("bad000000001", realm: nil, username: nil).text
    let run = try stage.sync("put", "passwords", input: .text(good + "\n" + bad))
    run.expectRefusal(64, "bad000000001", "neither a form nor a realm", "nothing was written")
    try stage.sync("put", "passwords", input: .text(good + "\n{}")).expectRefusal(64, "record 2", "no password")
    try stage.sync("put", "passwords", "x", "--replace", input: .text(good)).expectRefusal(1, "no record x")
    try stage.sync("put", "passwords", "lockwise0001", "--create", input: .text(good)).expectRefusal(1, "already")
    try stage.sync("delete", "passwords", "none").expectRefusal(1, "no record none")
    try stage.sync("delete", "passwords", "--hard", "lockwise0001").expectRefusal(64, "--hard")
    #expect(try answer("good.example") == nil)
    #expect(!(try stage.sandbox.requests().contains { $0.isStorage && $0.method != "GET" }))
  }

  @Test func keepsTheChangeUntilTheServerReturns() throws {
    try stage.sync("pull").expectSuccess()
    let all = stage.sandbox
    try all.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    let run = try stage.sync("put", "passwords", input: .text(login("new.example", password: "one")))
    #expect(run.status == 4 && run.lines.count == 1, "\(run.error)")
    #expect(run.error.contains("kept in the vault"))
    #expect(try answer("new.example") == "one")
    try all.clearFaults()
    try stage.sync("push").expectSuccess()
    let id = try #require(run.lines.first)
    #expect(try record(id)?["password"] as? String == "one")
  }
}
