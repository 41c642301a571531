import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The operation `erase`, for credentials that a host rejected.
@Suite struct EraseTests {
  private static let get = "protocol=https\nhost=h.example\n"
  /// The default of `lockwise.refusedFor`.
  private let month: Seconds = 2_592_000
  private static let created = #"{"created":true}"#

  private func request(_ password: String, username: String = "alice", host: String = "h.example", _ more: String = "")
    -> String
  {
    "protocol=https\nhost=\(host)\nusername=\(username)\npassword=\(password)\n\(more)\n"
  }

  @Test func aBrowsersLoginIsRefusedTemporarily() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    let before = try #require(try helper.vault().login(guid: "{1}")).json
    #expect(helper.run("erase", request("web")).status == .success)
    #expect(helper.run("get", Self.get).output.isEmpty)
    #expect(try helper.vault().login(guid: "{1}")?.json == before)
    #expect(try helper.vault().outbox().isEmpty && helper.pushes == 0)
    helper.now += month - 1
    #expect(helper.run("get", Self.get).output.isEmpty)
    helper.now += 1
    #expect(helper.run("get", Self.get).output.contains("password=web"))
  }

  @Test func theRefusalEndsWhenThePasswordChanges() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    helper.run("erase", request("web"))
    let update = try helper.vault(.writing).beginMirrorUpdate()
    let json = SecretBytes(utf8: HelperVault.login("{1}", password: "web2"))
    try update.store(LoginRecord(json: json, bsoID: "{1}"))
    try update.commit()
    #expect(helper.run("get", Self.get).output.contains("password=web2"))
  }

  /// A server with a temporary failure refused a password that it accepts now.
  @Test func theRefusalEndsWhenThePasswordWorks() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    helper.run("erase", request("web"))
    helper.run("store", request("web"))
    #expect(helper.run("get", Self.get).output.contains("password=web"))
    #expect(try helper.logins() == ["form alice web"])
  }

  @Test func ownLoginsAreDeletedEverywhere() throws {
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
    "protocol=https\nhost=h.example\nusername=bob\n", "protocol=https\nhost=x.h.example\n",
    "protocol=https\nhost=h.example\npath=other.git\n", "protocol=http\nhost=h.example\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=\n", "protocol=https\nhost=h.example\nusername=\n",
    "protocol=https\nhost=h.example\ncredential=\n",
    "protocol=https\nhost=h.example\nusername=bob\npassword=token\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=token\npath=other.git\n",
    "protocol=http\nhost=h.example\nusername=alice\npassword=token\n",
    "protocol=https\nhost=x.h.example\nusername=alice\npassword=token\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=token \n", "",
  ])
  func otherLoginsStay(text: String) throws {
    let helper = try HelperVault([
      HelperVault.login("{2}", realm: "git:a.git", password: "token", git: Self.created)
    ])
    let before = try helper.content()
    #expect(helper.run("erase", text).status == .success)
    #expect(try helper.content() == before)
  }

  @Test func theUserNameIsOptional() throws {
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
    #expect(helper.run("get", Self.get).output.isEmpty, "a refused login was offered")
    #expect(helper.gitCalls == 0)
  }

  /// `git credential reject` without a password, as in git's own tests.
  @Test(arguments: [
    ("own", "", ["form alice web", "R carol http"]),
    ("own", "username=bob\n", ["form alice web", "git alice token", "R carol http", "git:a.git alice path"]),
    ("own", "path=a.git\n", ["form alice web", "git alice token", "git bob token", "R carol http"]),
    ("all", "", []), ("all", "username=alice\n", ["git bob token", "R carol http"]),
    ("none", "", ["form alice web", "git alice token", "git bob token", "R carol http", "git:a.git alice path"]),
  ])
  func withoutAPasswordAllThatMatchGo(rule: String, more: String, left: [String]) throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", password: "web"),
      HelperVault.login("{2}", realm: "R", username: "carol", password: "http"),
      HelperVault.login("{3}", realm: "git", password: "token", git: Self.created),
      HelperVault.login("{4}", realm: "git", username: "bob", password: "token", git: Self.created),
      HelperVault.login("{5}", realm: "git:a.git", password: "path", git: Self.created),
      HelperVault.login("{6}", origin: "https://x.h.example", realm: "git", password: "token", git: Self.created),
    ])
    helper.variables["LOCKWISE_ERASE"] = rule
    let elsewhere = try helper.logins(at: "https://x.h.example")
    #expect(helper.run("erase", Self.get + more).status == .success)
    #expect(try helper.logins() == left.sorted())
    #expect(try helper.logins(at: "https://x.h.example") == elsewhere)
    // The browser's login is refused temporarily, whatever the path.
    if more.isEmpty { #expect(helper.run("get", Self.get).output.isEmpty) }
    helper.now += month
    if rule == "own", more.isEmpty { #expect(helper.run("get", Self.get).output.contains("http")) }
  }

  /// A rejection of an alias does not affect the login of the original host.
  @Test func anAliasIsUnchangedWithoutAPassword() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "token", git: Self.created)])
    helper.variables["LOCKWISE_ALIAS"] = "gist.h.example:h.example"
    let gist = "protocol=https\nhost=gist.h.example\n"
    helper.run("erase", gist)
    #expect(helper.run("get", gist).output.contains("password=token"))
  }

  /// The most common first rejection: the host refuses the web site's password.
  @Test func aBrowsersRefusalIsReportedInOneLine() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    let line =
      "helper: notice: https://h.example refused the password saved for alice. git is not offered it for 30 days. "
      + "A token typed at the next prompt is saved\n"
    let run = helper.run("erase", request("web"))
    #expect(run.errors == line && run.output.isEmpty && run.status == .success)
    helper.variables["LOCKWISE_REFUSED_FOR"] = "12 hours"
    helper.variables["LOCKWISE_STORE"] = "false"
    #expect(
      helper.run("erase", request("web")).errors
        == "helper: notice: https://h.example refused the password saved for alice. git is not offered it for 12 hours\n"
    )
    // Nothing is printed about deleted or missing logins.
    let own = try HelperVault([HelperVault.login("{2}", realm: "git", password: "token", git: Self.created)])
    #expect(own.run("erase", request("token")).errors.isEmpty)
    #expect(own.run("erase", request("token")).errors.isEmpty)
  }

  /// The list of `status`, `doctor` and the helper without arguments.
  @Test func refusedLoginsAreListed() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", password: "web"), HelperVault.login("{2}", realm: "R", username: "", password: "bare"),
    ])
    func listed() throws -> [RefusedLogin] { try helper.vault().refusedLogins(now: helper.now) }
    #expect(try listed().isEmpty)
    helper.run("erase", request("web"))
    helper.now += 60
    helper.run("erase", request("bare", username: ""))
    let refused = try listed()
    #expect(refused.map(\.name) == ["h.example", "h.example/alice"])
    #expect(refused.map(\.origin) == ["https://h.example", "https://h.example"])
    #expect(refused.map(\.until) == [helper.now + month, helper.now - 60 + month])
    // A new password is not refused, nor is one that has worked since.
    let update = try helper.vault(.writing).beginMirrorUpdate()
    try update.store(LoginRecord(json: SecretBytes(utf8: HelperVault.login("{1}", password: "web2")), bsoID: "{1}"))
    try update.commit()
    #expect(try listed().map(\.name) == ["h.example"])
    helper.now += month
    #expect(try listed().isEmpty)
  }

  @Test func theDurationIsConfigurable() throws {
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

  /// A deletion, a refusal and the end of single sign-on are written together.
  @Test func anEraseIsOneCommit() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", password: "same", git: Self.created),
      HelperVault.login("{2}", username: "bob", password: "same"),
    ])
    let place = try helper.vault().place(#require(Origin("https://h.example")), path: nil)
    try helper.vault(.writing).changeGitMemory { $0.setSingleSignOn(true, at: place) }
    let before = try helper.commits()
    helper.run("erase", "protocol=https\nhost=h.example\npassword=same\n")
    #expect(try helper.commits() == before + 1 && helper.logins() == ["form bob same"])
    #expect(try helper.vault().gitMemory().refusals.map(\.guid) == ["{2}"])
    helper.run("erase", "protocol=https\nhost=h.example\n")
    #expect(try helper.commits() == before + 2 && !helper.vault().gitMemory().isSingleSignOn(at: place))
  }

  @Test func aRefusalOfAnAliasAppliesToItOnly() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "token", git: Self.created)])
    helper.variables["LOCKWISE_ALIAS"] = "gist.h.example:h.example"
    helper.variables["LOCKWISE_ERASE"] = "all"
    helper.run("erase", request("token", host: "gist.h.example"))
    #expect(try helper.logins() == ["git alice token"])
    #expect(helper.run("get", "protocol=https\nhost=gist.h.example\n").output.isEmpty)
    #expect(helper.run("get", Self.get).output.contains("password=token"))
  }

  /// The web site's password is refused, the user types a token, and the token is used from then on.
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
