import Foundation
import Testing

@testable import LockwiseHostSupport

/// The reports of `status` and `doctor` about the servers.
@Suite final class ServerStateTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  /// The line of `doctor` with this name, and the hint after it.
  private func doctor(_ name: String) throws -> (line: String, hint: String, run: Run) {
    let run = try stage.sync("doctor")
    let index = run.lines.firstIndex { $0.dropFirst(6).hasPrefix(name + ": ") }
    let next = index.flatMap { run.lines.dropFirst($0 + 1).first } ?? ""
    return (index.map { run.lines[$0] } ?? "", next.hasPrefix("      hint: ") ? next : "", run)
  }

  /// The line of `status` with this name.
  private func status(_ name: String) throws -> String {
    let lines = try stage.sync("status").expectSuccess().lines
    return lines.first { $0.hasPrefix(name + ":") } ?? "no \(name) in: \(lines)"
  }

  /// The member `storage` of `status --json`.
  private func storage() throws -> [String: Any] {
    let run = try stage.sync("status", "--json").expectSuccess()
    let object = try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any]
    return object?["storage"] as? [String: Any] ?? [:]
  }

  private func requests() throws -> [LoggedRequest] {
    defer { try? stage.sandbox.clearRequests() }
    return try stage.sandbox.requests()
  }

  @Test func reportsAReachableStorageServer() throws {
    try stage.signInAndPull()
    _ = try requests()
    #expect(try status("storage") == "storage:    \(stage.sandbox.url) is reachable")
    let sent = try requests()
    #expect(sent.count == 1 && sent[0].method == "GET" && sent[0].path.hasSuffix("/info/collections"), "\(sent)")
    #expect(try storage()["state"] as? String == "reachable")
    #expect(try doctor("storage").line == "ok    storage: \(stage.sandbox.url) is reachable")
    #expect(try doctor("server").line == "ok    server: \(stage.sandbox.url) is reachable")
  }

  @Test func sendsNothingForStatusOffline() throws {
    try stage.signInAndPull()
    _ = try requests()
    let run = try stage.sync("status", "--offline").expectSuccess()
    #expect(!run.output.contains("storage:"), "\(run.output)")
    #expect(try requests().isEmpty)
  }

  @Test func worksWithoutATokenBeforeTheFirstPull() throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let state = try storage()["state"] as? String
    #expect(["reachable", "not-checked"].contains(state))
  }

  /// A proxy that changes signed parts of requests; a new token does not help.
  @Test func explainsARefusedNewToken() throws {
    try stage.signInAndPull()
    try stage.sandbox.fault("/info/collections", count: 0, ["status": 401, "body": "0"])
    let found = try doctor("storage")
    let port = stage.sandbox.url.split(separator: ":").last ?? ""
    #expect(found.run.status == 1)
    #expect(found.line.hasPrefix("fail  storage: \(stage.sandbox.url) refuses a new token"), "\(found.run.output)")
    #expect(found.hint.contains("host 127.0.0.1, port \(port), path /storage/1.5/1"), "\(found.run.output)")
    #expect(found.hint.contains("proxy"))
    try stage.sync("pull").expectRefusal(
      5, "does not accept the credentials", "hint: find out why: lockwise-sync doctor")
  }

  @Test func explainsARefusedOldToken() throws {
    try stage.signInAndPull()
    try stage.sandbox.fault("/info/collections", count: 0, ["status": 401, "body": "0"])
    #expect(try status("storage") == "storage:    \(stage.sandbox.url) refuses the storage token")
    #expect(try storage()["state"] as? String == "refused")
    #expect(try stage.sync("status").output.contains("lockwise-sync doctor"))
  }

  @Test func acceptsAnExpiredToken() throws {
    stage.mayBeRejected = true
    try stage.sandbox.set(["token.duration": 1])
    try stage.signInAndPull()
    try stage.sandbox.fault("/info/collections", count: 0, ["status": 401, "body": "0"])
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try status("storage").contains("not checked: the storage token has expired"))
    #expect(try storage()["state"] as? String == "not-checked")
  }

  @Test func sendsNothingDuringAPause() throws {
    try stage.signInAndPull()
    try stage.sandbox.set(["storage.backoff": 600])
    try stage.sync("pull").expectSuccess()
    _ = try requests()
    let line = try status("storage")
    #expect(
      line.wholeMatch(of: /storage:    backing off until \d\d:\d\d( on \d{4}-\d\d-\d\d)?, as the server asked/) != nil,
      "\(line)")
    let found = try doctor("storage")
    #expect(found.line.hasPrefix("warn  storage: backing off until "), "\(found.run.output)")
    #expect(found.run.status == 0, "\(found.run.output)")
    let object = try storage()
    let until = Double(object["until"] as? Int ?? 0) / 1000 - Date().timeIntervalSince1970
    #expect(object["state"] as? String == "backing-off" && (500...600).contains(until), "\(object)")
    #expect(try requests().filter(\.isStorage).isEmpty)
  }

  @Test func reportsANewPause() throws {
    try stage.signInAndPull()
    try stage.sandbox.fault("/info/collections", count: 0, ["status": 503, "headers": ["Retry-After": "900"]])
    #expect(try status("storage").contains("backing off until "))
    // `status` does not change the vault, so the next one asks again.
    _ = try requests()
    _ = try status("storage")
    #expect(try requests().filter(\.isStorage).count == 1)
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func reportsARedirect(code: Int) throws {
    try stage.signInAndPull()
    let place = "https://elsewhere.example/1.5/77/info"
    let redirect: [String: Any] = ["status": code, "headers": ["Location": place + "?token=hidden#hidden"]]
    try stage.sandbox.fault("/storage/", count: 0, redirect)
    try stage.sync("pull").expectRefusal(
      4, "the storage server redirects to \(place)", "hint: check for a proxy or a sign-in page")
    #expect(try status("storage").hasSuffix("redirects to \(place)"))
    let found = try doctor("storage")
    #expect(found.line == "fail  storage: the storage server redirects to \(place)")
    #expect(!found.run.output.contains("hidden"))
    try stage.sandbox.clearFaults()
    try stage.sandbox.fault("/token/", count: 0, redirect)
    #expect(try doctor("token server").line == "fail  token server: the token server redirects to \(place)")
    try stage.sandbox.fault("/.well-known/", count: 0, redirect)
    #expect(try doctor("server").line == "warn  server: \(stage.sandbox.url) redirects to \(place)")
  }

  @Test(
    arguments: [
      ("/elsewhere?x=1", "/elsewhere"), ("//other.example/a", "http://other.example/a"), ("ftp://a.example", nil),
      ("https://user:hidden@a.example/", nil), ("", nil), ("javascript:alert(1)", nil), ("http://a b/", nil),
    ] as [(String, String?)])
  func reportsARedirectToAnInvalidAddress(location: String, shown: String?) throws {
    try stage.signInAndPull()
    try stage.sandbox.fault("/storage/", count: 0, ["status": 302, "headers": ["Location": location]])
    let run = try stage.sync("pull")
    let place = shown.map { $0.hasPrefix("/") ? stage.sandbox.url + $0 : $0 }
    run.expectRefusal(4, place.map { "redirects to \($0)" } ?? "unexpected response (HTTP 302)")
    #expect(!run.error.contains("hidden"))
  }

  @Test func reportsAnotherServerAtTheAccountsAddress() throws {
    try stage.signInAndPull()
    try stage.sandbox.fault("/.well-known/", count: 0, ["status": 200, "body": "<html>Welcome to the hotel</html>"])
    let found = try doctor("server")
    #expect(
      found.line.hasPrefix("fail  server: \(stage.sandbox.url) does not respond like an accounts server"),
      "\(found.run.output)")
    #expect(found.hint.contains("proxy"))
  }

  /// A locked vault does not reveal its account, and Mozilla's servers do not have it.
  @Test func asksTheServerOfALockedVault() throws {
    try stage.signInAndPull(passphrase: "hunter2 hunter2")
    try stage.sync("lock").expectSuccess()
    _ = try requests()
    let found = try doctor("server")
    #expect(found.line == "ok    server: \(stage.sandbox.url) is reachable", "\(found.run.output)")
    #expect(try requests().map(\.path) == ["/.well-known/fxa-client-configuration"])
    let text = try stage.sync("status").expectSuccess().output
    #expect(text.contains("server:     \(stage.sandbox.url) is reachable"), "\(text)")
    #expect(try requests().map(\.path) == ["/.well-known/fxa-client-configuration"])
    let run = try stage.sync("status", "--json").expectSuccess()
    let object = try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any]
    #expect(object?["server"] as? String == stage.sandbox.url && object?["serverReachable"] as? Bool == true)
    #expect(object?["locked"] as? Bool == true && object?["email"] == nil)
    // The file is not trusted if it is a link or others may write it.
    let file = stage.scratch.vault + "/server"
    chmod(file, 0o666)
    #expect(!(try doctor("server").run.output.contains(stage.sandbox.url)))
    chmod(file, 0o600)
    try stage.sync("logout", "--force").expectSuccess()
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func doesNotWaitLongForAServerThatNeverResponds() throws {
    try stage.sandbox.set(["hawk.skew": 600])
    try stage.signInAndPull()
    stage.sandbox.pause()
    defer { stage.sandbox.resume() }
    let begin = ContinuousClock.now
    #expect(try status("storage").contains("took too long"))
    #expect(ContinuousClock.now - begin < .seconds(9))
  }
}
