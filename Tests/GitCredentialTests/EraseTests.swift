import LockwiseCore
import Testing

@testable import git_credential_lockwise

/// What a host has refused.
@Suite struct EraseTests {
  private static let get = "protocol=https\nhost=h.example\n"
  private static let created = #"{"created":true}"#

  private func request(_ password: String, username: String = "alice", host: String = "h.example", _ more: String = "")
    -> String
  {
    "protocol=https\nhost=\(host)\nusername=\(username)\npassword=\(password)\n\(more)\n"
  }

  @Test func theBrowsersIsRefusedForAWhile() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    let before = try #require(try helper.vault().login(guid: "{1}")).json
    #expect(helper.run("erase", request("web")).status == .success)
    #expect(helper.run("get", Self.get).output.isEmpty)
    #expect(try helper.vault().login(guid: "{1}")?.json == before)
    #expect(try helper.vault().outbox().isEmpty && helper.pushes == 0)
    helper.now += 30 * 86_400 - 1
    #expect(helper.run("get", Self.get).output.isEmpty)
    helper.now += 1
    #expect(helper.run("get", Self.get).output.contains("password=web"))
  }

  @Test func untilItsPasswordChanges() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    helper.run("erase", request("web"))
    let update = try helper.vault(.writing).beginMirrorUpdate()
    let json = SecretBytes(utf8: HelperVault.login("{1}", password: "web2"))
    try update.store(LoginRecord(json: json, bsoID: "{1}"))
    try update.commit()
    #expect(helper.run("get", Self.get).output.contains("password=web2"))
  }

  /// A server that was out of order refused what it takes now.
  @Test func untilItWorksAgain() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    helper.run("erase", request("web"))
    helper.run("store", request("web"))
    #expect(helper.run("get", Self.get).output.contains("password=web"))
    #expect(try helper.logins() == ["form alice web"])
  }

  @Test func ourOwnIsDeletedEverywhere() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", password: "web"),
      HelperVault.login("{2}", realm: "git", password: "token", git: Self.created),
    ])
    helper.run("erase", request("token"))
    #expect(try helper.logins() == ["form alice web"])
    #expect(try helper.vault().outbox().map(\.isDeletion) == [true])
    #expect(helper.pushes == 1)
    #expect(helper.run("get", Self.get).output.contains("password=web"))
  }

  @Test(arguments: [
    "protocol=https\nhost=h.example\nusername=alice\npassword=other\n",
    "protocol=https\nhost=h.example\nusername=alice\n", "protocol=https\nhost=h.example\n",
    "protocol=https\nhost=h.example\nusername=bob\npassword=token\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=token\npath=other.git\n",
    "protocol=http\nhost=h.example\nusername=alice\npassword=token\n",
    "protocol=https\nhost=x.h.example\nusername=alice\npassword=token\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=token \n", "",
  ])
  func whatDoesNotMatchStays(text: String) throws {
    let helper = try HelperVault([
      HelperVault.login("{2}", realm: "git:a.git", password: "token", git: Self.created)
    ])
    let before = try helper.content()
    #expect(helper.run("erase", text).status == .success)
    #expect(try helper.content() == before)
  }

  @Test func aUserNameNeedNotBeGiven() throws {
    let helper = try HelperVault([HelperVault.login("{2}", realm: "git", password: "token", git: Self.created)])
    helper.run("erase", "protocol=https\nhost=h.example\npassword=token\n")
    #expect(try helper.logins().isEmpty)
  }

  @Test(arguments: [
    ("all", "true", []), ("own", "true", ["form alice web"]), ("none", "true", ["form alice web", "git alice token"]),
    ("all", "false", ["form alice web", "git alice token"]), ("nonsense", "true", ["form alice web"]),
  ])
  func theRule(rule: String, store: String, left: [String]) throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", password: "web"),
      HelperVault.login("{2}", realm: "git", password: "token", git: Self.created),
    ])
    helper.variables["LOCKWISE_ERASE"] = rule
    helper.variables["LOCKWISE_STORE"] = store
    helper.variables["LOCKWISE_REFUSED_FOR"] = "30"
    helper.variables["LOCKWISE_ALIAS"] = ""
    let errors = helper.run("erase", request("web")).errors + helper.run("erase", request("token")).errors
    #expect(errors.contains("lockwise.erase must be own, all or none") == (rule == "nonsense"))
    #expect(try helper.logins() == left)
    #expect(helper.run("get", Self.get).output.isEmpty, "what was refused is not offered")
    #expect(helper.gitCalls == 0)
  }

  @Test func howLongIsConfigured() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    try helper.configure("[lockwise]\nrefusedFor = 2.hours\n[lockwise \"https://other.example\"]\nrefusedFor = 1")
    helper.run("erase", request("web"))
    #expect(helper.gitCalls == 1)
    helper.now += 7199
    #expect(helper.run("get", Self.get).output.isEmpty)
    helper.now += 1
    #expect(!helper.run("get", Self.get).output.isEmpty)
    helper.variables["LOCKWISE_REFUSED_FOR"] = "never"
    helper.run("erase", request("web"))
    #expect(!helper.run("get", Self.get).output.isEmpty)
  }

  @Test func anAliasRefusesForItselfOnly() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "token", git: Self.created)])
    helper.variables["LOCKWISE_ALIAS"] = "gist.h.example:h.example"
    helper.variables["LOCKWISE_ERASE"] = "all"
    helper.run("erase", request("token", host: "gist.h.example"))
    #expect(try helper.logins() == ["git alice token"])
    #expect(helper.run("get", "protocol=https\nhost=gist.h.example\n").output.isEmpty)
    #expect(helper.run("get", Self.get).output.contains("password=token"))
  }

  /// The whole of the issue's story in one vault: the web password is refused, a token is typed, and taken from then on.
  @Test func aRevokedPasswordAndItsSuccessor() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    #expect(helper.run("get", Self.get).output.contains("password=web"))
    helper.run("erase", request("web"))
    #expect(helper.run("get", Self.get).output.isEmpty)
    helper.run("store", request("token"))
    #expect(helper.run("get", Self.get).output.contains("password=token"))
    helper.run("erase", request("token"))
    #expect(helper.run("get", Self.get).output.isEmpty)
    #expect(try helper.logins() == ["form alice web"])
  }
}
