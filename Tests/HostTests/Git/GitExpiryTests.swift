import Foundation
import Testing

@testable import LockwiseHostSupport

/// Passwords that expire, tokens with their own scheme, and temporary passwords (git 2.40 and 2.46).
@Suite struct GitExpiryTests {
  private static let newer = Git.all.filter(\.hasCapabilities)
  private static let year = 365 * 86400

  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium"])
    return stage
  }

  private var now: Int { Int(Date().timeIntervalSince1970) }

  @Test(arguments: newer) func returnsExpiryAndRefreshToken(git: Git) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull()
    let end = now + Self.year
    try stage.run(
      ["credential", "approve"],
      input: .text(
        "url=\(stage.server.url)\nusername=marie\npassword=radium\npassword_expiry_utc=\(end)\n"
          + "oauth_refresh_token=refresh-4711\n\n")
    ).expectSuccess()
    let filled = try stage.run(["credential", "fill"], input: .text("url=\(stage.server.url)\n\n")).expectSuccess()
    #expect(filled.password == "radium")
    #expect(filled.attributes["password_expiry_utc"] == String(end), "\(filled.output)")
    #expect(filled.attributes["oauth_refresh_token"] == "refresh-4711")
    #expect(stage.takeQuestions() == [])
    try stage.awaitStored { $0.count == 1 }
    // Firefox has no field for them, so they are members of the record next to the password.
    let login = try #require(try stage.storedHere().values.first)
    #expect(login["password"] as? String == "radium" && login["lockwise"] is [String: Any], "\(login)")
  }

  /// An expired password is not offered, and the next one replaces it.
  @Test(arguments: Git.all) func doesNotOfferAnExpiredPassword(git: Git) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull()
    let place = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n"
    let end = now + Self.year
    try stage.helper("store", place + "username=marie\npassword=old\npassword_expiry_utc=\(end)\n").expectSuccess()
    try stage.awaitStored { $0.count == 1 }
    let id = try #require(try stage.storedHere().keys.first)
    #expect(try stage.helper("get", place).password == "old")
    // Later: the same record with an expiry in the past.
    let record = try stage.stage.sync("get", "passwords", id).expectSuccess().output
    let text = record.trimmingCharacters(in: CharacterSet(charactersIn: "[] \n"))
    #expect(text.contains(String(end)), "\(text)")
    try stage.stage.sync(
      "put", "passwords", id, "--replace", input: .text(text.replacing(String(end), with: String(now - 5)))
    ).expectSuccess()
    #expect(try stage.helper("get", place).expectSuccess().output.isEmpty)
    stage.person = ["Username": "marie", "Password": "radium"]
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions().count == 2)
    stage.person = [:]
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
    try stage.awaitStored { $0.values.map { $0["password"] as? String } == ["radium"] }
  }

  /// A password that another helper creates for an hour is not stored.
  @Test(arguments: newer, ["password_expiry_utc=", "ephemeral=1"])
  func doesNotStoreTemporaryPasswordsOfOtherHelpers(git: Git, attribute: String) throws {
    let stage = try makeStage(git)
    try stage.stage.signInAndPull()
    let line = attribute.hasSuffix("=") ? attribute + String(now + 300) : attribute
    let answer = "capability[]=authtype username=marie password=radium \(line)"
    stage.settings = [
      "helper = \"!f() { test $1 != get || printf '%s\\\\n' \(answer); }; f\"", "helper = lockwise",
    ]
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
    #expect(try stage.helper("get", "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n").output.isEmpty)
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    #expect(try stage.storedHere().isEmpty)
  }

  @Test(arguments: newer) func offersABearerToken(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.accept([:])
    try stage.server.acceptBearer(["token-4711"])
    try stage.stage.signInAndPull()
    let place = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n"
    try stage.helper(
      "store", "capability[]=authtype\ncapability[]=state\n\(place)authtype=Bearer\ncredential=token-4711\n"
    ).expectSuccess()
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions() == [])
    #expect(try stage.server.takeCredentials() == ["Bearer:token-4711"])
  }

  /// The realm in the server's challenge selects the login (git 2.41).
  @Test(arguments: newer) func prefersTheLoginOfTheServersRealm(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.setRealm("Radium Institute")
    try stage.saveInFirefox("firefox00001", username: "pierre", password: "quartz", realm: "Other", age: 10)
    try stage.saveInFirefox("firefox00002", username: "marie", password: "radium", realm: "Radium Institute", age: 9000)
    try stage.saveInFirefox("firefox00003", username: "irene", password: "form", age: 20)
    try stage.stage.signInAndPull()
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
  }
}
