import Glibc
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The operation `store`, for credentials that git has verified.
@Suite struct StoreTests {
  private func request(_ password: String, username: String = "alice", _ more: String = "") -> String {
    "protocol=https\nhost=h.example\nusername=\(username)\npassword=\(password)\n\(more)\n"
  }

  @Test func anEqualCredentialWritesNothing() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "R", password: "p"), HelperVault.login("{2}", username: "bob", password: "web"),
    ])
    let before = try helper.content()
    for input in [request("p"), request("p", "wwwauth[]=Basic realm=\"S\"\n"), request("web", username: "bob")] {
      let answer = helper.run("store", input)
      #expect(answer.status == .success && answer.output.isEmpty && answer.errors.isEmpty)
    }
    #expect(helper.pushes == 0 && helper.gitCalls == 0)
    let after = try helper.content()
    #expect(try helper.logins() == ["R alice p", "form bob web"])
    #expect(after == before)
  }

  @Test func anEqualCredentialWritesNotAByte() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    let before = try helper.content()
    for _ in 0..<3 { helper.run("store", request("p")) }
    #expect(try helper.content() == before)
  }

  /// A login and the memory of its use at a path are written together.
  @Test func aChangeOfLoginAndMemoryIsOneCommit() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "R", password: "old"),
      HelperVault.login("{2}", realm: "R", username: "bob", password: "p"),
    ])
    helper.run("erase", request("old"))
    var before = try helper.commits()
    helper.run("store", request("new"))
    #expect(try helper.commits() == before + 1 && helper.logins().contains("R alice new"))
    for (password, username) in [("added", "carol"), ("changed", "bob")] {
      before = try helper.commits()
      helper.run("store", request(password, username: username, "path=x\n"))
      #expect(try helper.commits() == before + 1)
      let answer = helper.run("get", "protocol=https\nhost=h.example\npath=x\n")
      #expect(answer.output.contains("username=\(username)\n"), "not remembered: \(answer.output)")
    }
    #expect(helper.pushes == 3)
  }

  @Test func aChangedPasswordGoesThroughTheOutbox() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "old")])
    helper.run("store", request("new"))
    #expect(try helper.logins() == ["R alice new"])
    let entry = try #require(try helper.vault().outbox().first)
    #expect(entry.guid == "{1}" && !entry.isDeletion && entry.base?.exposedText()?.contains("old") == true)
    #expect(helper.pushes == 1)
    #expect(try helper.vault().login(guid: "{1}")?.git.isCreated == false)
  }

  /// A login that docker stored can be a token that is of no use to git.
  @Test func aLoginOfDockerIsNeitherUsedNorChanged() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "docker", password: "d"),
      HelperVault.login("{2}", realm: "docker:x", password: "e"),
    ])
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output.isEmpty)
    helper.run("erase", "protocol=https\nhost=h.example\n\n")
    helper.run("store", request("d"))
    helper.run("store", request("new"))
    #expect(try helper.logins() == ["docker alice d", "docker:x alice e", "git alice new"])
    #expect(try helper.vault().gitMemory().refusals.isEmpty)
    // Unless the server names the realm.
    helper.run("store", request("named", "wwwauth[]=Basic realm=\"docker\"\n"))
    #expect(try helper.logins() == ["docker alice named", "docker:x alice e", "git alice new"])
  }

  @Test func aNewLoginGetsTheServersRealm() throws {
    let helper = try HelperVault()
    helper.run("store", request("t", "wwwauth[]=Bearer\nwwwauth[]=Basic realm=\"The \\\"R\\\"\"\n"))
    #expect(try helper.logins() == ["The \"R\" alice t"])
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output == "username=alice\npassword=t\n")
    helper.run("store", request("u", username: "bob"))
    #expect(try helper.logins() == ["The \"R\" alice t", "git bob u"])
    #expect(helper.pushes == 2)
  }

  @Test func aWebPasswordIsNeverOverwritten() throws {
    let helper = try HelperVault([HelperVault.login("{1}", password: "web")])
    let before = try #require(try helper.vault().login(guid: "{1}")).json
    helper.run("store", request("token"))
    #expect(try helper.logins() == ["form alice web", "git alice token"])
    #expect(try helper.vault().login(guid: "{1}")?.json == before)
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output == "username=alice\npassword=token\n")
    helper.run("store", request("token2"))
    #expect(try helper.logins() == ["form alice web", "git alice token2"])
  }

  @Test func aPathHasItsOwnLogin() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "whole")])
    helper.run("store", request("a", "path=a.git\n"))
    helper.run("store", request("b", "path=b.git\n"))
    helper.run("store", request("b2", "path=b.git\n"))
    #expect(try helper.logins() == ["R alice whole", "git:a.git alice a", "git:b.git alice b2"])
    func password(_ path: String) -> String {
      helper.run("get", "protocol=https\nhost=h.example\npath=\(path)\n").output
    }
    #expect(password("b.git").contains("password=b2\n"))
    #expect(password("c.git").contains("password=whole\n"))
  }

  @Test func expiryAndTokenAreStored() throws {
    let helper = try HelperVault()
    helper.run("store", request("t", "password_expiry_utc=1800086400\noauth_refresh_token=r\n"))
    let expected = "username=alice\npassword=t\npassword_expiry_utc=1800086400\noauth_refresh_token=r\n"
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output == expected)
    // An older git sends neither, which is not a change.
    let before = try helper.content()
    helper.run("store", request("t"))
    #expect(try helper.content() == before)
    helper.run("store", request("t", "password_expiry_utc=1800090000\n"))
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output.contains("utc=1800090000\n"))
  }

  /// A token with a lifetime of an hour or less is stored only with a refresh token.
  @Test(arguments: [1_800_003_600, 1_800_003_599, 1_800_000_001, 1_700_000_000])
  func aShortTokenIsKeptWithItsRefreshToken(expiry: Int) throws {
    let helper = try HelperVault()
    let get = "protocol=https\nhost=h.example\n"
    helper.run("store", request("t", "password_expiry_utc=\(expiry)\noauth_refresh_token=r\n"))
    let isValid = expiry > 1_800_000_000
    #expect(
      helper.run("get", get).output == "username=alice\n"
        + (isValid ? "password=t\npassword_expiry_utc=\(expiry)\n" : "") + "oauth_refresh_token=r\n")
    helper.now = 1_800_003_600
    #expect(helper.run("get", get).output == "username=alice\noauth_refresh_token=r\n")
  }

  /// A refresh token that the protocol cannot carry is ignored.
  @Test(arguments: ["", "r\r", "a\rb"]) func aShortTokenNeedsAUsableRefreshToken(token: String) throws {
    let helper = try HelperVault()
    helper.run("store", request("t", "password_expiry_utc=1800003599\noauth_refresh_token=\(token)\n"))
    #expect(try helper.logins().isEmpty)
    helper.run("store", request("t", "password_expiry_utc=1800003600\noauth_refresh_token=\(token)\n"))
    #expect(try helper.logins() == ["git alice t"])
    #expect(!helper.run("get", "protocol=https\nhost=h.example\n").output.contains("refresh"))
  }

  private func makeTwoAccounts() throws -> HelperVault {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    return helper
  }

  private func account(_ helper: HelperVault, _ more: String = "") -> Substring? {
    helper.run("get", "protocol=https\nhost=h.example\n" + more).output.split(separator: "\n").first
  }

  /// An older git does not report the account's source. Only a user name or a setting can lead to another login than
  /// the one that `get` would return.
  @Test func aFetchWithAUserNameAffectsNoOtherPath() throws {
    let helper = try makeTwoAccounts()
    #expect(account(helper) == "username=alice")
    let before = try helper.content()
    helper.run("store", request("b", username: "bob"))
    #expect(try helper.content() == before)
    #expect(account(helper) == "username=alice")
    // This is also true for a new password or a new account, although each is the newest login.
    helper.run("store", request("b2", username: "bob"))
    #expect(account(helper) == "username=alice")
    helper.run("store", request("c", username: "carol"))
    #expect(account(helper) == "username=alice")
    #expect(account(helper, "username=carol\n") == "username=carol")
    #expect(try helper.logins() == ["git alice a", "git bob b2", "git carol c"])
  }

  @Test func aRepositorysPinAffectsNoOtherPath() throws {
    for state in ["", "capability[]=state\n"] {
      let helper = try makeTwoAccounts()
      helper.variables["LOCKWISE_ENTRY"] = "h.example/bob"
      let get = state + "protocol=https\nhost=h.example\n"
      let answer = helper.run("get", get).output
      #expect(answer.contains("username=bob"))
      helper.run("store", get + answer)
      helper.variables["LOCKWISE_ENTRY"] = ""
      #expect(account(helper) == "username=alice")
    }
  }

  /// After a refusal, the account that the user typed and the host accepted is used.
  @Test func theAccountTypedAfterARefusalIsReturned() throws {
    let helper = try makeTwoAccounts()
    helper.run("erase", request("a"))
    helper.run("erase", request("b", username: "bob"))
    #expect(account(helper) == nil)
    helper.run("store", request("c", username: "carol"))
    #expect(account(helper) == "username=carol")
    // An account that works again is used as before.
    helper.run("store", request("a"))
    #expect(account(helper) == "username=carol")
    #expect(account(helper, "username=alice\n") == "username=alice")
  }

  @Test(arguments: [
    "ephemeral=1\n", "password_expiry_utc=1800003599\n", "password_expiry_utc=1700000000\n",
  ])
  func ephemeralCredentialsAreNotStored(attribute: String) throws {
    let helper = try HelperVault()
    #expect(helper.run("store", request("t", attribute)).status == .success)
    #expect(try helper.logins().isEmpty && helper.pushes == 0)
  }

  @Test func credentialsOfOtherSchemesAreStored() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", username: "", password: "browser")])
    let request = "capability[]=authtype\nauthtype=Bearer\ncredential=tok\nprotocol=https\nhost=h.example\n"
    helper.run("store", request)
    // The browser's login is unchanged, although Firefox does not support schemes.
    #expect(try helper.logins() == ["git  browser", "git Bearer  tok"])
    helper.run("store", request.replacing("tok", with: "tok2"))
    #expect(try helper.logins() == ["git  browser", "git Bearer  tok2"])
    #expect(helper.run("get", request).output.contains("authtype=Bearer\ncredential=tok2\n"))
    helper.run("erase", request.replacing("tok", with: "tok2"))
    #expect(try helper.logins() == ["git  browser"])
  }

  @Test(arguments: [
    "protocol=https\nhost=h.example\nusername=alice\n", "protocol=https\nhost=h.example\npassword=p\n",
    "protocol=https\nusername=alice\npassword=p\n", "host=h.example\nusername=alice\npassword=p\n",
    "protocol=https\nhost=h.example\nusername=alice\npassword=\n",
    "protocol=cert\nhost=\npath=/x\nusername=\npassword=p\n",
    "protocol=https\nhost=h.example\nusername=alice\nauthtype=Bearer\ncredential=\n",
    "protocol=https\nhost=h.example\nusername=alice\nauthtype=\ncredential=tok\n", "",
  ])
  func halfAMessageStoresNothing(text: String) throws {
    let helper = try HelperVault()
    let before = try helper.content()
    #expect(helper.run("store", text).status == .success)
    #expect(try helper.content() == before)
  }

  @Test func readOnlyByConfigurationOrVariable() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "old")])
    try helper.configure("[lockwise]\nstore = false\n[lockwise \"https://h.example\"]\nstore = no")
    helper.run("store", request("new"))
    helper.run("store", request("new", username: "bob"))
    #expect(try helper.logins() == ["R alice old"])
    #expect(helper.gitCalls == 2 && helper.pushes == 0)
    helper.variables["LOCKWISE_STORE"] = "true"
    helper.run("store", request("new"))
    #expect(try helper.logins() == ["R alice new"])
    #expect(helper.gitCalls == 2)
    helper.variables["LOCKWISE_STORE"] = "perhaps"
    #expect(helper.run("store", request("newer")).errors.contains("lockwise.store is neither true nor false"))
    #expect(try helper.logins() == ["R alice new"])
  }

  @Test func anAliassLoginIsUnchanged() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    helper.variables["LOCKWISE_ALIAS"] = "gist.h.example:h.example"
    let gist = "protocol=https\nhost=gist.h.example\nusername=alice\n"
    let before = try helper.content()
    helper.run("store", gist + "password=p\n")
    #expect(try helper.content() == before)
    helper.run("store", gist + "password=q\n")
    #expect(try helper.logins() == ["R alice p"])
    #expect(try helper.logins(at: "https://gist.h.example") == ["git alice q"])
  }

  @Test func theAccountLastUsedAtAPathComesFirst() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    func used(_ path: String) -> String {
      helper.run("get", "protocol=https\nhost=h.example\npath=\(path)\n").output.contains("alice") ? "alice" : "bob"
    }
    #expect(used("x") == "alice")
    helper.run("store", request("b", username: "bob", "path=x\n"))
    #expect(used("x") == "bob" && used("y") == "alice")
    let before = try helper.content()
    helper.run("store", request("b", username: "bob", "path=x\n"))
    #expect(try helper.content() == before, "an unchanged login was written")
    helper.run("store", request("a", username: "alice", "path=x\n"))
    #expect(used("x") == "alice")
    #expect(helper.pushes == 0)
  }

  @Test func aLockedVaultStaysAsItIs() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "old")])
    let key = helper.root.appendingPathComponent("key").path
    #expect(rename(key, key + ".gone") == 0)
    for operation in ["store", "erase"] {
      let answer = helper.run(operation, request(operation == "store" ? "new" : "old"))
      #expect(answer.status == .success && answer.output.isEmpty)
      let failure =
        operation == "store"
        ? "cannot save the password for https://h.example: "
        : "cannot record that https://h.example refused a password: "
      #expect(answer.errors.hasPrefix("helper: error: " + failure), "\(answer.errors)")
      #expect(answer.errors.split(separator: "\n").count == 1)
    }
    #expect(try helper.logins() == ["R alice old"])
  }

  @Test func failuresToStoreAreReported() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "old")])
    #expect(chmod(helper.directory.path, 0o755) == 0)
    let answer = helper.run("store", request("new"))
    #expect(answer.status == .failure && answer.errors.contains("cannot trust "))
    #expect(chmod(helper.directory.path, 0o700) == 0)
    #expect(try helper.logins() == ["R alice old"])
  }
}
