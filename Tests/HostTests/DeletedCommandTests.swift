import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync deleted` (issue 11, A5).
@Suite final class DeletedCommandTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.sandbox.put([login("gone-1"), login("gone-2")])
    try stage.signInAndPull()
  }

  private func login(_ id: String) -> [String: Any] {
    LoginJSON(id, origin: "https://\(id).example", username: "alice", password: "pw \(id)").object
  }

  private func deleteElsewhere(_ ids: String...) throws {
    try stage.sandbox.edit([
      "edits": ids.map { ["collection": "passwords", "id": $0, "cleartext": ["id": $0, "deleted": true]] }
    ])
    try stage.sync("pull").expectSuccess()
  }

  @Test(arguments: ["gone-1", "gone-1.example/alice", "https://alice@gone-1.example"])
  func restoresALogin(name: String) throws {
    try deleteElsewhere("gone-1", "gone-2")
    let run = try stage.sync("deleted", "--restore", name).expectSuccess()
    #expect(run.lines == ["gone-1"] && run.error.isEmpty, "\(run.error)")
    #expect(try stage.sandbox.storedLogins()["gone-1"]?["password"] as? String == "pw gone-1")
    #expect(try stage.get("protocol=https\nhost=gone-1.example\n").password == "pw gone-1")
    #expect(try stage.sync("deleted").expectSuccess().lines.count == 1)
    try stage.sync("deleted", "--restore", name).expectRefusal(1, "no deleted login has the name")
  }

  @Test func keepsARestoredLoginUntilTheServerReturns() throws {
    try deleteElsewhere("gone-1")
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    let run = try stage.sync("deleted", "--restore", "gone-1")
    #expect(run.status == 4 && run.error.contains("kept in the vault"), "\(run.error)")
    #expect(try stage.get("protocol=https\nhost=gone-1.example\n").password == "pw gone-1")
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    #expect(try stage.sandbox.storedLogins()["gone-1"]?["password"] as? String == "pw gone-1")
  }

  @Test func refusesAnAmbiguousNameAndADuplicate() throws {
    var duplicate = login("gone-1")
    duplicate["id"] = "gone-3"
    duplicate["httpRealm"] = "other"
    try stage.sandbox.put([duplicate])
    try stage.sync("pull").expectSuccess()
    try deleteElsewhere("gone-1", "gone-3")
    try stage.sync("deleted", "--restore", "gone-1.example/alice")
      .expectRefusal(1, "2 deleted logins have the name", "gone-1, gone-3")
    var again = login("gone-1")
    again["id"] = "new"
    try stage.sandbox.put([again])
    try stage.sync("pull").expectSuccess()
    try stage.sync("deleted", "--restore", "gone-1").expectRefusal(1, "there is a login for the same site", "new")
    #expect(try stage.sync("deleted").expectSuccess().lines.count == 2)
  }
}
