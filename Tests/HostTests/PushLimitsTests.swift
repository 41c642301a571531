import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Uploads to servers with small limits or refusals.
@Suite final class PushLimitsTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
  }

  /// Signs in to a server with such limits.
  private func signIn(_ switches: [String: Any]) throws {
    try stage.sandbox.set(switches)
    try stage.signInAndPull()
    try stage.sandbox.clearRequests()
  }

  private func waiting() throws -> Int? { try stage.status()["waiting"] as? Int }

  @Test(arguments: [(true, 10_000, 1), (true, 37, 27), (false, 10_000, 0)])
  func uploadsAThousandChangesWithinTinyLimits(hasBatches: Bool, total: Int, commits: Int) throws {
    try signIn([
      "storage.max-post-records": 5, "storage.max-post-bytes": 2048, "storage.max-request-bytes": 2400,
      "storage.max-total-records": total, "storage.batches": hasBatches, "storage.page": 50,
    ])
    let logins = NewLogins(1000)
    let run = try stage.sync("put", "passwords", input: .text(logins.json)).expectSuccess()
    #expect(run.lines == (0..<1000).map(NewLogins.id))
    #expect(try logins.stored(in: stage.sandbox).count == 1000)
    #expect(try waiting() == 0)
    let posts = try stage.sandbox.requests().filter { $0.isStorage && $0.method == "POST" }
    #expect(posts.count >= 200)
    #expect(posts.allSatisfy { $0.status == 200 || $0.status == 202 })
    // One record is left after 27 batches of 37, and needs no batch.
    #expect(posts.filter { $0.path.hasSuffix("&commit=true") }.count == commits)
    // Another client of the account gets every page of it.
    let other = try Scratch()
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", other.keyFile, SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: other.environment
    ).expectSuccess()
    let pull = try Run.program(Executables.path("lockwise-sync"), ["pull"], environment: other.environment)
    #expect(pull.expectSuccess().output.hasPrefix("1046 logins"), "\(pull.output)")
  }

  @Test(arguments: [true, false]) func reportsARecordThatIsTooLarge(hasBatches: Bool) throws {
    try signIn([
      "storage.max-record-payload-bytes": 1000, "storage.max-post-records": 2, "storage.batches": hasBatches,
    ])
    let logins = NewLogins(5, padding: [2: 1000])
    let run = try stage.sync("put", "passwords", input: .text(logins.json))
    #expect(run.status == 6 && run.lines.count == 5, "\(run.error)")
    #expect(
      run.error.contains("does not accept login \(NewLogins.id(2)): larger than the server accepts"), "\(run.error)")
    #expect(run.error.contains("kept in the vault"))
    #expect(try logins.stored(in: stage.sandbox) == [0, 1, 3, 4])
    #expect(try waiting() == 1)
    #expect(try stage.get("protocol=https\nhost=\(NewLogins.host(2))\n").password == "p2")
    // A later push does not report it again, and uploads it once it fits.
    let push = try stage.sync("push").expectSuccess()
    #expect(push.error.isEmpty && push.output.contains("1 waiting"), "\(push.error)\(push.output)")
    try stage.sync(
      "put", "passwords", NewLogins.id(2), input: .text(String(NewLogins(3).json.split(separator: "\n")[2].dropLast()))
    )
    .expectSuccess()
    #expect(try logins.stored(in: stage.sandbox) == [0, 1, 2, 3, 4])
    #expect(try waiting() == 0)
  }

  /// Issue 12, A2.
  @Test func reportsARefusedLoginOnce() throws {
    try signIn(["storage.max-record-payload-bytes": 1000])
    #expect(try stage.sync("put", "passwords", input: .text(NewLogins(1, padding: [0: 1000]).json)).status == 6)
    let other = LoginJSON("other", origin: "https://other.example")
    let put = try stage.sync("put", "passwords", input: .text(other.text)).expectSuccess()
    #expect(put.lines == ["other"] && put.error.isEmpty, "\(put.error)")
    let delete = try stage.sync("delete", "passwords", "other").expectSuccess()
    #expect(delete.error.isEmpty, "\(delete.error)")
    #expect(try stage.sync("pull").expectSuccess().error.isEmpty)
    let status = try stage.sync("status").expectSuccess().output
    #expect(
      status.contains("not accepted by the server: \(NewLogins.id(0)): larger than the server accepts"), "\(status)")
    #expect(
      try stage.status()["refused"] as? [[String: String]] == [
        ["id": NewLogins.id(0), "reason": "larger than the server accepts"]
      ])
    // Another refusal of the same login is reported.
    let change = try stage.sync("put", "passwords", input: .text(NewLogins(1, padding: [0: 1200]).json))
    #expect(change.status == 6 && change.error.contains(NewLogins.id(0)))
  }

  /// The limit shrinks without notice, which `failed` in the response shows.
  @Test(arguments: [true, false]) func reportsAFailedRecord(hasBatches: Bool) throws {
    try signIn(["storage.max-post-records": 2, "storage.batches": hasBatches])
    try stage.sandbox.set(["storage.max-record-payload-bytes": 1000])
    let logins = NewLogins(5, padding: [2: 1000])
    let run = try stage.sync("put", "passwords", input: .text(logins.json))
    #expect(run.status == 6, "\(run.error)")
    #expect(
      run.error.contains("does not accept login \(NewLogins.id(2)): larger than the server accepts"), "\(run.error)")
    #expect(try logins.stored(in: stage.sandbox) == [0, 1, 3, 4])
    #expect(try waiting() == 1)
    try stage.sandbox.set(["storage.max-record-payload-bytes": NSNull()])
    #expect(try stage.sync("push").expectSuccess().output.contains("1 uploaded"))
    #expect(try logins.stored(in: stage.sandbox) == [0, 1, 2, 3, 4])
    #expect(try waiting() == 0)
  }

  @Test(arguments: [true, false]) func reportsAFullStorage(hasBatches: Bool) throws {
    try signIn(["storage.max-post-records": 2, "storage.batches": hasBatches])
    try stage.sandbox.set(["storage.quota-bytes": 1])
    let logins = NewLogins(5)
    let run = try stage.sync("put", "passwords", input: .text(logins.json))
    #expect(run.status == 6 && run.error.contains("storage is full") && run.error.contains("kept in the vault"))
    #expect(try logins.stored(in: stage.sandbox) == [])
    #expect(try waiting() == 5)
    try stage.sync("push").expectRefusal(6, "storage is full", "hint: ")
    try stage.sandbox.set(["storage.quota-bytes": NSNull()])
    try stage.sync("push").expectSuccess()
    #expect(try logins.stored(in: stage.sandbox).count == 5)
    #expect(try waiting() == 0)
  }

  /// A proxy accepts less than the server announces.
  @Test(arguments: [(true, 1), (true, 3), (false, 1), (false, 3)])
  func splitsTooLargeRequests(hasBatches: Bool, nth: Int) throws {
    try signIn(["storage.max-post-records": 8, "storage.batches": hasBatches])
    try stage.sandbox.faults([
      ["match": ["method": "POST", "path": "/storage/", "nth": nth], "action": ["status": 413, "body": "0"]]
    ])
    let logins = NewLogins(30)
    try stage.sync("put", "passwords", input: .text(logins.json)).expectSuccess()
    #expect(try logins.stored(in: stage.sandbox).count == 30)
    #expect(try waiting() == 0)
    #expect(try stage.sandbox.storageWrites().filter { $0 == "POST 413" }.count == 1)
  }
}
