import Foundation
import Testing

@testable import LockwiseHostSupport

/// Passwords that the server no longer accepts: the prompts of git, the stored logins, and the next command.
@Suite struct RevokedTokenTests {
  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    return stage
  }

  private func list(_ stage: GitTestHome) throws -> Run { try stage.run("ls-remote", stage.server.url + "/one.git") }

  /// Runs a command that works without a prompt and sends only these credentials.
  private func expectSilent(
    _ stage: GitTestHome, _ credentials: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    _ = try stage.server.takeRequests()
    let run = try list(stage).expectSuccess(sourceLocation: sourceLocation)
    #expect(run.error.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
    #expect(stage.takeQuestions() == [], sourceLocation: sourceLocation)
    #expect(try stage.server.takeCredentials() == [credentials], sourceLocation: sourceLocation)
  }

  /// Runs a command whose password the server refuses: git fails without a prompt. If the browser saved the password,
  /// one line explains the next step.
  private func expectRefused(
    _ stage: GitTestHome, _ credentials: String, isOfBrowser: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    _ = try stage.server.takeRequests()
    let run = try list(stage)
    #expect(run.status == 128, sourceLocation: sourceLocation)
    #expect(run.errorLines.count == (isOfBrowser ? 2 : 1), "\(run.error)", sourceLocation: sourceLocation)
    let isSaid = run.error.contains("git is not offered it for 30 days. A token typed at the next prompt is saved")
    #expect(isSaid == isOfBrowser, "\(run.error)", sourceLocation: sourceLocation)
    #expect(run.error.contains("fatal: Authentication failed"), "\(run.error)", sourceLocation: sourceLocation)
    #expect(try stage.server.takeCredentials() == [credentials], sourceLocation: sourceLocation)
    #expect(stage.takeQuestions() == [], sourceLocation: sourceLocation)
  }

  /// Runs a command for which the user types a password that the server accepts.
  private func expectAsked(
    _ stage: GitTestHome, _ username: String, _ password: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    _ = try stage.server.takeRequests()
    stage.person = ["Username": username, "Password": password]
    try list(stage).expectSuccess(sourceLocation: sourceLocation)
    stage.person = [:]
    let questions = stage.takeQuestions()
    let place = stage.server.url.dropFirst("http://".count)
    #expect(
      questions == [
        "Username for '\(stage.server.url)': ", "Password for 'http://\(username)@\(place)': ",
      ], sourceLocation: sourceLocation)
    #expect(try stage.server.takeCredentials() == ["\(username):\(password)"], sourceLocation: sourceLocation)
  }

  /// The web site's password is not a token of git. Both are kept, and the browser's record is not written again.
  @Test(arguments: Git.all) func storesATokenNextToTheWebSitesPassword(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept(["marie": "token-1"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "web password")
    try stage.stage.signInAndPull()
    let before = try #require(try stage.sandbox.storedRecord("firefox00001"))
    try expectRefused(stage, "marie:web password")
    try expectAsked(stage, "marie", "token-1")
    try expectSilent(stage, "marie:token-1")
    try stage.awaitStored { $0.count == 2 }
    let token = try #require(try stage.storedHere().first { $0.key != "firefox00001" }?.value)
    #expect(token["username"] as? String == "marie" && token["password"] as? String == "token-1")
    #expect(token["formSubmitURL"] is NSNull?)
    #expect(token["httpRealm"] as? String == (git.hasCapabilities ? "Test Git" : "git"))
    #expect(try stage.sandbox.storedRecord("firefox00001") == before)
    try stage.stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.storedRecord("firefox00001") == before)
    try expectSilent(stage, "marie:token-1")

    // The token is revoked. It is git's own, so it is deleted, and the browser's login is not offered.
    try stage.server.accept(["marie": "token-2"])
    try expectRefused(stage, "marie:token-1", isOfBrowser: false)
    try expectAsked(stage, "marie", "token-2")
    try expectSilent(stage, "marie:token-2")
    try stage.awaitStored { Set($0.values.map { $0["password"] as? String }) == ["web password", "token-2"] }
    #expect(try stage.sandbox.storedRecord("firefox00001") == before)
  }

  /// A refused password is corrected in Firefox.
  @Test(arguments: Git.all) func offersAPasswordChangedInTheBrowser(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept(["marie": "new"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "old")
    try stage.stage.signInAndPull()
    try expectRefused(stage, "marie:old")
    // It is not offered again, nor for another user.
    #expect(try list(stage).status == 128)
    #expect(try stage.server.takeCredentials() == [])
    #expect(stage.takeQuestions().count == 1)
    #expect(try stage.storedHere()["firefox00001"]?["password"] as? String == "old")
    try stage.saveInFirefox("firefox00001", username: "marie", password: "new", age: 0)
    try stage.stage.sync("pull").expectSuccess()
    try expectSilent(stage, "marie:new")
    #expect(try stage.storedHere().count == 1)
  }

  /// git uses the password that Firefox saved for HTTP authentication, and a new one replaces it.
  @Test(arguments: Git.all) func changesARotatedPasswordOfHTTPAuthentication(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept(["marie": "new"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "old", realm: "Test Git")
    try stage.stage.signInAndPull()
    try expectRefused(stage, "marie:old")
    #expect(try stage.storedHere()["firefox00001"]?["password"] as? String == "old")
    try expectAsked(stage, "marie", "new")
    try expectSilent(stage, "marie:new")
    try stage.awaitStored { $0.values.contains { $0["password"] as? String == "new" } }
    // Only newer versions of git send the realm. Without it, the browser's login may stay next to the new one.
    let stored = try stage.storedHere()
    if git.hasCapabilities {
      #expect(stored.count == 1 && stored["firefox00001"]?["password"] as? String == "new", "\(stored)")
    }
  }

  /// A new user at a new host.
  @Test(arguments: Git.all) func doesNotAskAgainForATypedPassword(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept(["käufer": "p = ä 'x' \\ %41"])
    try stage.stage.signInAndPull()
    stage.person = ["Username": "käufer", "Password": "p = ä 'x' \\ %41"]
    try list(stage).expectSuccess()
    #expect(stage.takeQuestions().count == 2)
    stage.person = [:]
    try expectSilent(stage, "käufer:p = ä 'x' \\ %41")
    try stage.awaitStored { $0.count == 1 }
    let login = try #require(try stage.storedHere().values.first)
    #expect(login["hostname"] as? String == stage.server.url && login["username"] as? String == "käufer")
    #expect(login["password"] as? String == "p = ä 'x' \\ %41")
    #expect(login["httpRealm"] as? String == (git.hasCapabilities ? "Test Git" : "git"))
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    // Later uses write nothing.
    try stage.sandbox.clearRequests()
    for _ in 0..<3 { try expectSilent(stage, "käufer:p = ä 'x' \\ %41") }
    #expect(try stage.sandbox.storageWrites() == [])
  }

  /// A mistyped password is not saved.
  @Test(arguments: Git.all) func doesNotStoreAMistypedPassword(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept(["marie": "radium"])
    try stage.stage.signInAndPull()
    stage.person = ["Username": "marie", "Password": "raduim"]
    let run = try list(stage)
    #expect(run.status == 128 && run.error.contains("Authentication failed"), "\(run.error)")
    #expect(stage.takeQuestions().count == 2)
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    #expect(try stage.storedHere().isEmpty)
    try expectAsked(stage, "marie", "radium")
    try expectSilent(stage, "marie:radium")
  }
}
