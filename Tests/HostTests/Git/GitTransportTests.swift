import Foundation
import Testing

@testable import LockwiseHostSupport

/// clone, fetch and push, with and without a login that Firefox saved.
@Suite struct GitTransportTests {
  /// Works with the repository without a prompt, and sends only this login to the server.
  private func expectSilentWork(_ stage: GitTestHome, _ credentials: String) throws {
    let work = stage.scratch.root + "/work"
    _ = try stage.server.takeRequests()
    for arguments in [
      ["clone", "--quiet", stage.server.url + "/one.git", work], ["-C", work, "fetch", "--quiet"],
      ["-C", work, "commit", "--quiet", "--allow-empty", "-m", "more"], ["-C", work, "push", "--quiet"],
      ["ls-remote", "--quiet", stage.server.url + "/one.git"],
    ] {
      let run = try stage.run(arguments).expectSuccess()
      #expect(run.error.isEmpty, "\(arguments): \(run.error)")
      guard !arguments.contains("commit") else { continue }
      let requests = try stage.server.takeRequests()
      #expect(requests.filter { $0.status == 401 }.count == 1, "\(arguments): \(requests)")
      #expect(requests.count >= 2)
      for request in requests where request.status == 200 {
        #expect("\(request.username ?? ""):\(request.password ?? "")" == credentials, "\(arguments): \(request)")
      }
    }
    #expect(stage.takeQuestions() == [])
    let log = try stage.run("log", "--format=%s", in: stage.server.root + "/one.git").expectSuccess()
    #expect(log.lines == ["more", "seed"])
  }

  @Test(arguments: Git.all, [nil, "Test Git"])
  func usesALoginFromFirefoxUnchanged(git: Git, realm: String?) throws {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "pitch & blende = 'ü'"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "pitch & blende = 'ü'", realm: realm)
    try stage.stage.signInAndPull()
    let before = try stage.sandbox.storedRecord("firefox00001")
    let vault = try stage.scratch.readVault()
    try stage.sandbox.clearRequests()
    try expectSilentWork(stage, "marie:pitch & blende = 'ü'")
    // git stores the password after each success, which is not a change.
    #expect(try stage.scratch.readVault()["vault.db-wal"] == vault["vault.db-wal"])
    #expect(try stage.scratch.readVault()["vault.db"] == vault["vault.db"])
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    #expect(try stage.sandbox.requests().filter(\.isStorage).isEmpty)
    #expect(try stage.sandbox.storedRecord("firefox00001") == before)
  }

  @Test(arguments: Git.all) func worksOverTLS(git: Git) throws {
    let stage = try GitTestHome(git, isTLS: true)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try stage.stage.signInAndPull()
    try expectSilentWork(stage, "marie:radium")
  }

  /// Neither for the same host by http, nor for another port.
  @Test func sendsNoLoginOfAnotherOrigin() throws {
    let stage = try GitTestHome()
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium"])
    for (id, origin) in [
      ("firefox00001", "https://127.0.0.1:\(stage.server.port)"), ("firefox00002", "http://127.0.0.1"),
      ("firefox00003", "http://localhost:\(stage.server.port)"),
      ("firefox00004", "http://127.0.0.1:\(stage.server.port ^ 1)"),
    ] {
      try stage.saveInFirefox(id, username: "marie", password: "radium", origin: origin)
    }
    try stage.stage.signInAndPull()
    let run = try stage.run("ls-remote", stage.server.url + "/one.git")
    #expect(run.status == 128, "\(run.error)")
    #expect(try stage.server.takeCredentials() == [])
    #expect(stage.takeQuestions() == ["Username for '\(stage.server.url)': "])
  }

  /// git drops the wrong password, but not the helper.
  @Test(arguments: Git.all) func doesNotRepeatAWrongPassword(git: Git) throws {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "polonium")
    try stage.stage.signInAndPull()
    let run = try stage.run("ls-remote", stage.server.url + "/one.git")
    #expect(run.status == 128 && run.error.contains("Authentication failed"), "\(run.error)")
    #expect(try stage.server.takeCredentials() == ["marie:polonium"])
    #expect(stage.takeQuestions() == [])
  }
}
