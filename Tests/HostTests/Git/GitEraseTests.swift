import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `erase` deletes logins that git created, but never the browser's.
@Suite struct GitEraseTests {
  let stage: GitTestHome

  init() throws {
    stage = try GitTestHome()
    try stage.saveInFirefox("firefox00001", username: "marie", password: "from Firefox")
  }

  private var place: String { "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n" }

  private func silently(
    _ verb: String, _ attributes: String, with variables: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try stage.helper(verb, place + attributes, with: variables)
    run.expectSuccess(sourceLocation: sourceLocation)
    #expect(run.output.isEmpty && run.error.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
  }

  /// The browser's login is no longer offered, which is reported in one line.
  private func refuse(_ attributes: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try stage.helper("erase", place + attributes).expectSuccess(sourceLocation: sourceLocation)
    #expect(run.output.isEmpty && run.errorLines.count == 1, "\(run.error)", sourceLocation: sourceLocation)
    let line =
      "notice: http://127.0.0.1:\(stage.server.port) refused the password saved for marie. git is not offered it for 30 days"
    #expect(run.error.contains(line), "\(run.error)", sourceLocation: sourceLocation)
  }

  private func password(_ attributes: String = "", with variables: [String: String] = [:]) throws -> String? {
    let run = try stage.helper("get", place + attributes, with: variables).expectSuccess()
    #expect(run.error.isEmpty, "\(run.error)")
    return run.password
  }

  @Test func deletesALoginThatGitCreated() throws {
    try stage.stage.signInAndPull()
    try silently("store", "username=git\npassword=token\n")
    try stage.awaitStored { $0.count == 2 }
    let id = try #require(try stage.storedHere().keys.first { $0 != "firefox00001" })
    // An outdated password does not affect the stored one.
    try silently("erase", "username=git\npassword=another\n")
    try silently("erase", "username=other\npassword=token\n")
    #expect(try password("username=git\n") == "token")
    try silently("erase", "username=git\npassword=token\n")
    #expect(try password("username=git\n") == nil)
    try stage.awaitStored { $0.count == 1 }
    // The record becomes a tombstone, so browsers delete it too.
    let all = try stage.sandbox.control.json("GET", "/__sandbox__/decrypt?collection=passwords&id=\(id)")
    let cleartext = (all as? [[String: Any]])?.first?["cleartext"] as? [String: Any]
    #expect(cleartext?["deleted"] as? Bool == true, "\(all)")
  }

  @Test func keepsALoginOfTheBrowserButDoesNotOfferIt() throws {
    try stage.stage.signInAndPull()
    let before = try stage.sandbox.storedRecord("firefox00001")
    try silently("erase", "username=marie\npassword=wrong\n")
    #expect(try password() == "from Firefox")
    try refuse("username=marie\npassword=from Firefox\n")
    #expect(try password() == nil)
    #expect(try password("username=marie\n") == nil)
    let status = try stage.stage.status()["notOffered"] as? [[String: Any]] ?? []
    #expect(status.count == 1 && (status.first?["name"] as? String)?.hasSuffix("/marie") == true, "\(status)")
    #expect(status.first?["by"] as? String == stage.server.url)
    let until = (status.first?["until"] as? Double ?? 0) / 1000 - Date().timeIntervalSince1970
    #expect((2_591_000...2_592_000).contains(until), "\(until)")
    let text = try stage.stage.sync("status").output
    #expect(text.contains("not offered to git: ") && text.contains(", refused by \(stage.server.url)\n"), "\(text)")
    #expect(try stage.stage.sync("doctor", "--offline").output.contains("warn  refused: \(stage.server.url) refused "))
    let listed =
      try Run.program(
        Executables.path("git-credential-lockwise"), [], environment: stage.environment()
      ).errorLines.last ?? ""
    #expect(
      listed.hasPrefix("not offered until ") && listed.contains("/marie, refused by http://127.0.0.1"), "\(listed)")
    try stage.stage.sync("pull").expectSuccess()
    #expect(try password() == nil)
    #expect(try stage.sandbox.storedRecord("firefox00001") == before)
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    // Another edit of the record does not count as a new password.
    let login = try #require(try stage.storedHere()["firefox00001"])
    try stage.sandbox.put([login.merging(["timesUsed": 7, "id": "firefox00001"]) { $1 }])
    try stage.stage.sync("pull").expectSuccess()
    #expect(try password() == nil)
    try stage.sandbox.put([login.merging(["password": "changed", "id": "firefox00001"]) { $1 }])
    try stage.stage.sync("pull").expectSuccess()
    #expect(try password() == "changed")
  }

  /// A password that git verified is offered again.
  @Test func offersAPasswordAgainAfterASuccess() throws {
    try stage.stage.signInAndPull()
    try refuse("username=marie\npassword=from Firefox\n")
    #expect(try password() == nil)
    try silently("store", "username=marie\npassword=from Firefox\n")
    #expect(try password() == "from Firefox")
    #expect(try stage.storedHere().count == 1)
  }

  /// The request of `git credential reject` without a password.
  @Test func erasesAllMatchesWithoutAPassword() throws {
    try stage.stage.signInAndPull()
    try silently("store", "username=git\npassword=token\n")
    for attributes in ["username=other\n", "password=\n", "username=git\npassword=\n"] {
      try silently("erase", attributes)
      #expect(try password("username=git\n") == "token", "\(attributes.debugDescription)")
      #expect(try password("username=marie\n") == "from Firefox", "\(attributes.debugDescription)")
    }
    try silently("erase", "username=git\n")
    #expect(try password("username=git\n") == nil)
    #expect(try password() == "from Firefox")
    try silently("store", "username=git\npassword=token\n")
    try refuse("")
    #expect(try password() == nil)
    try stage.awaitStored { $0.values.map { $0["password"] as? String } == ["from Firefox"] }
  }

  @Test(arguments: ["file", "environment"]) func deletesTheBrowsersLoginsWithEraseAll(place: String) throws {
    try stage.stage.signInAndPull()
    var variables = ["LOCKWISE_ERASE": "all"]
    if place == "file" {
      stage.configuration = "[lockwise]\n\terase = all\n"
      try stage.prepare()
      variables = [:]
    }
    try silently("erase", "username=marie\npassword=wrong\n", with: variables)
    #expect(try password() == "from Firefox")
    try silently("erase", "username=marie\npassword=from Firefox\n", with: variables)
    #expect(try password() == nil)
    try stage.awaitStored { $0.isEmpty }
  }

  @Test(arguments: ["file", "environment"]) func changesNothingIfReadOnly(place: String) throws {
    try stage.stage.signInAndPull()
    var variables = ["LOCKWISE_STORE": "false"]
    if place == "file" {
      stage.configuration = "[lockwise]\n\tstore = false\n"
      try stage.prepare()
      variables = [:]
    }
    let vault = try stage.scratch.readVault()["vault.db-wal"]
    try silently("store", "username=new\npassword=x\n", with: variables)
    #expect(try password("username=new\n") == nil)
    #expect(try password() == "from Firefox")
    #expect(try stage.scratch.readVault()["vault.db-wal"] == vault)
  }

  /// With git 2.46 and later, the state selects the login, even if another one has the same password.
  @Test func erasesTheLoginInTheState() throws {
    try stage.saveInFirefox("firefox00002", username: "marie", password: "twice", realm: "A", age: 500)
    try stage.saveInFirefox("firefox00003", username: "marie", password: "twice", realm: "B", age: 700)
    try stage.stage.signInAndPull()
    func get(_ realm: String) throws -> Run {
      try stage.helper("get", "capability[]=state\n\(place)wwwauth[]=Basic realm=\"\(realm)\"\n").expectSuccess()
    }
    let answer = try get("B")
    #expect(answer.password == "twice")
    let state = answer.lines.filter { $0.hasPrefix("state[]=") }
    #expect(!state.isEmpty)
    // A login of another realm is not affected. If the request applied to both, A's would be refused.
    try refuse("capability[]=state\nusername=marie\npassword=twice\n" + state.map { $0 + "\n" }.joined())
    #expect(try get("A").password == "twice")
    #expect(try stage.helper("get", place + "wwwauth[]=Basic realm=\"B\"\nusername=marie\n").password != nil)
    let other = LoginJSON.whole(
      "firefox00002", origin: stage.server.url, realm: "A", username: "marie", password: "other")
    try stage.sandbox.put([other.object])
    try stage.stage.sync("pull").expectSuccess()
    #expect(try get("B").password != "twice")
  }

  /// A state does not select the login of another host.
  @Test func ignoresAStateOfAnotherHost() throws {
    try stage.stage.signInAndPull()
    let github = "protocol=https\nhost=github.com\n"
    let answer = try stage.helper("get", "capability[]=state\n" + github).expectSuccess()
    let state = answer.lines.filter { $0.hasPrefix("state[]=") }.map { $0 + "\n" }.joined()
    #expect(!state.isEmpty)
    let password = try #require(answer.password)
    let evil = "capability[]=state\nprotocol=https\nhost=evil.example\n" + state
    #expect(try stage.helper("get", evil).expectSuccess().password == nil)
    for verb in ["erase", "store"] {
      try stage.helper(
        verb, evil + "username=mcurie\npassword=\(password)\n", with: ["LOCKWISE_ERASE": "all"]
      ).expectSuccess()
      try stage.helper(verb, evil + "username=mcurie\npassword=x\n", with: ["LOCKWISE_ERASE": "all"]).expectSuccess()
    }
    #expect(try stage.helper("get", github).password == password)
    #expect(try stage.sandbox.storedLogins().values.contains { $0["password"] as? String == password })
  }
}
