import Foundation
import Testing

@testable import LockwiseHostSupport

/// Several accounts at one host.
@Suite struct GitAccountsTests {
  /// alice, used last, and bob; the server accepts both.
  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    for name in ["one.git", "two.git"] { try stage.makeRepository(name) }
    try stage.server.accept(["alice": "a-password", "bob": "b-password"])
    try stage.saveInFirefox("firefox0000a", username: "alice", password: "a-password", age: 10)
    try stage.saveInFirefox("firefox0000b", username: "bob", password: "b-password", age: 1000)
    try stage.stage.signInAndPull()
    return stage
  }

  /// The user who signs in to the server.
  private func user(
    _ stage: GitTestHome, _ path: String = "one.git", as username: String = "", options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let url = stage.server.url.replacing("://", with: "://\(username)\(username.isEmpty ? "" : "@")")
    try stage.run(options + ["ls-remote", "--quiet", url + "/" + path]).expectSuccess(sourceLocation: sourceLocation)
    #expect(stage.takeQuestions() == [], sourceLocation: sourceLocation)
    let credentials = try stage.server.takeCredentials()
    #expect(credentials.count == 1, "\(credentials)", sourceLocation: sourceLocation)
    return String(credentials.first?.prefix { $0 != ":" } ?? "")
  }

  @Test(arguments: Git.all) func usesTheAccountOfTheURLOrConfiguration(git: Git) throws {
    let stage = try makeStage(git)
    #expect(try user(stage) == "alice")
    #expect(try user(stage, as: "bob") == "bob")
    #expect(try user(stage) == "alice", "one fetch with a user name in its URL")
    #expect(try user(stage, as: "alice") == "alice")
    let key = "credential.\(stage.server.url).username"
    #expect(try user(stage, options: ["-c", "\(key)=bob"]) == "bob")
    #expect(try user(stage, as: "alice", options: ["-c", "\(key)=bob"]) == "alice")
    #expect(try user(stage, options: ["-c", "\(key)=alice"]) == "alice")
    #expect(try user(stage) == "alice")
    try stage.sandbox.clearRequests()
    #expect(try stage.sandbox.storageWrites() == [])
    #expect(try stage.storedHere().count == 2)
  }

  @Test(arguments: Git.all) func pinsALogin(git: Git) throws {
    let stage = try makeStage(git)
    let place = stage.server.url.dropFirst("http://".count)
    for name in ["http:\(place)/bob", "firefox0000b", "http://bob@\(place)"] {
      let key = "credential.\(stage.server.url).lockwiseEntry"
      #expect(try user(stage, options: ["-c", "\(key)=\(name)"]) == "bob", "\(name)")
      #expect(try user(stage) == "alice", "elsewhere")
    }
    // In the file, for only one repository.
    stage.settings = ["helper = lockwise", "useHttpPath = true"]
    stage.configuration = "[credential \"\(stage.server.url)/two.git\"]\n\tlockwiseEntry = http:\(place)/bob\n"
    #expect(try user(stage, "two.git") == "bob")
    #expect(try user(stage, "one.git") == "alice")
  }

  /// Like git's own `credential.<url>.username`, whose path git compares but does not send.
  @Test(arguments: Git.all) func pinsALoginForAPath(git: Git) throws {
    let stage = try makeStage(git)
    let place = stage.server.url.dropFirst("http://".count)
    stage.configuration = "[credential \"\(stage.server.url)/two.git\"]\n\tlockwiseEntry = http:\(place)/bob\n"
    #expect(try user(stage, "two.git") == "bob")
    #expect(try user(stage, "one.git") == "alice")
    let clone = stage.scratch.root + "/clone"
    try stage.run("clone", "--quiet", stage.server.url + "/two.git", clone).expectSuccess()
    #expect(try stage.server.takeCredentials() == ["bob:b-password"])
    for command in [
      ["fetch", "--quiet"], ["push", "--quiet", "origin", "HEAD:refs/heads/other"], ["ls-remote", "--quiet"],
    ] {
      try stage.run(command, in: clone).expectSuccess()
      #expect(try stage.server.takeCredentials() == ["bob:b-password"], "\(command)")
    }
    #expect(stage.takeQuestions() == [])
  }

  /// Another login never replaces a missing one.
  @Test func answersNothingForAPinWithoutALogin() throws {
    let stage = try makeStage(.ofSystem)
    stage.person = ["Username": "alice", "Password": "a-password"]
    let key = "credential.\(stage.server.url).lockwiseEntry"
    for name in ["http:127.0.0.1/bob", "github.com/mcurie", "none"] {
      try stage.run("-c", "\(key)=\(name)", "ls-remote", stage.server.url + "/one.git").expectSuccess()
      #expect(stage.takeQuestions().count == 2, "\(name)")
    }
  }

  @Test(arguments: Git.all) func keepsLoginsOfPathsApart(git: Git) throws {
    let stage = try GitTestHome(git)
    for name in ["one.git", "two.git"] {
      try stage.makeRepository(name)
      try stage.server.accept(["deploy": "for-\(name)"], below: name)
    }
    try stage.stage.signInAndPull()
    stage.settings = ["helper = lockwise", "useHttpPath = true"]
    for name in ["one.git", "two.git"] {
      stage.person = ["Username": "deploy", "Password": "for-\(name)"]
      try stage.run("ls-remote", stage.server.url + "/" + name).expectSuccess()
      #expect(stage.takeQuestions().count == 2, "\(name)")
    }
    stage.person = [:]
    for name in ["one.git", "two.git", "one.git"] {
      _ = try stage.server.takeRequests()
      try stage.run("ls-remote", stage.server.url + "/" + name).expectSuccess()
      #expect(stage.takeQuestions() == [])
      #expect(try stage.server.takeCredentials() == ["deploy:for-\(name)"])
    }
    try stage.awaitStored { $0.count == 2 }
    // Firefox treats records with the same origin, form, realm and user name as one login.
    #expect(
      Set(try stage.storedHere().values.compactMap { $0["httpRealm"] as? String }) == ["git:one.git", "git:two.git"])
    // One is revoked, which does not affect the login of the other path.
    try stage.server.accept([:], below: "one.git")
    #expect(try stage.run("ls-remote", stage.server.url + "/one.git").error.contains("Authentication failed"))
    try stage.run("ls-remote", stage.server.url + "/two.git").expectSuccess()
    _ = try stage.server.takeRequests()
    #expect(try stage.run("ls-remote", stage.server.url + "/one.git").status == 128)
    #expect(try stage.server.takeCredentials() == [], "two.git's password was sent to one.git")
    try stage.awaitStored { $0.values.map { $0["httpRealm"] as? String } == ["git:two.git"] }
  }

  /// If git sends the path, the last login of the repository is used.
  @Test(arguments: Git.all) func usesTheLastLoginOfARepository(git: Git) throws {
    let stage = try makeStage(git)
    stage.settings = ["helper = lockwise", "useHttpPath = true"]
    #expect(try user(stage, "one.git") == "alice")
    #expect(try user(stage, "two.git", as: "bob") == "bob")
    #expect(try user(stage, "two.git") == "bob")
    #expect(try user(stage, "one.git") == "alice")
    #expect(try user(stage, "one.git", as: "bob") == "bob")
    #expect(try user(stage, "one.git") == "bob")
    // git used the browser's logins, so nothing is added to the account.
    #expect(try stage.storedHere().count == 2)
  }
}
