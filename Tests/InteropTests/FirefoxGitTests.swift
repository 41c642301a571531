import Foundation
import Testing

@testable import LockwiseHostSupport

/// A login that git stored, in a real Firefox: next to Firefox's own login, neither lost nor changed.
@Suite(.serialized) struct FirefoxGitTests {
  @Test func showsGitsTokenNextToFirefoxsLogin() throws {
    let stage = try GitTestHome(Git.newer ?? .ofSystem)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "token-1"])
    let web = FirefoxProcess.SavedLogin(
      origin: stage.server.url, realm: nil, username: "marie", password: "web password")
    let firefox = try FirefoxProcess(in: stage.scratch.root, server: stage.sandbox.url)
    try firefox.start()
    try firefox.signIn()
    try firefox.addLogin(web)
    try firefox.sync()
    try stage.stage.signInAndPull()

    let list = ["ls-remote", stage.server.url + "/one.git"]
    #expect(try stage.run(list).error.contains("Authentication failed"))
    stage.person = ["Username": "marie", "Password": "token-1"]
    try stage.run(list).expectSuccess()
    #expect(stage.takeQuestions().count == 2)
    stage.person = [:]
    try stage.awaitStored { $0.count == 2 }
    try firefox.sync()
    let realm = stage.git.hasCapabilities ? "Test Git" : "git"
    let token = FirefoxProcess.SavedLogin(
      origin: stage.server.url, realm: realm, username: "marie", password: "token-1")
    #expect(try firefox.logins().filter { $0.origin == web.origin }.count == 2)
    let logins = try firefox.logins()
    #expect(logins.contains(web))
    #expect(logins.contains(token), "\(token)")

    // Firefox accepts both as they are, and uploads nothing.
    let before = try stage.storedHere()
    try firefox.sync()
    try stage.stage.sync("pull").expectSuccess()
    #expect(NSDictionary(dictionary: try stage.storedHere()) == NSDictionary(dictionary: before))
    _ = try stage.server.takeRequests()
    try stage.run(list).expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["marie:token-1"])

    // git's own login is deleted with its token, in Firefox too.
    try stage.server.accept([:])
    #expect(try stage.run(list).error.contains("Authentication failed"))
    try stage.awaitStored { $0.count == 1 }
    try firefox.sync()
    #expect(try firefox.logins().filter { $0.origin == web.origin } == [web])
    try firefox.stop()
  }
}
