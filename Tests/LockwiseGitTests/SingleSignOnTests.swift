import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Empty user names and passwords, with which git reports that the host authenticates the user by other means.
@Suite struct SingleSignOnTests {
  private static let get = "protocol=https\nhost=sso.example\n"
  private static let empty = get + "username=\npassword=\n"
  private static let answer = "username=\npassword=\n"

  @Test func singleSignOnIsRememberedAndReturned() throws {
    let helper = try HelperVault()
    #expect(helper.run("get", Self.get).output.isEmpty)
    let run = helper.run("store", Self.empty)
    #expect(run.status == .success && run.errors.isEmpty)
    #expect(helper.run("get", Self.get).output == Self.answer)
    #expect(helper.run("get", Self.get + "username=\n").output == Self.answer)
    // Firefox does not support such a login, so it is not uploaded.
    #expect(try helper.vault().loginCount() == 0 && helper.vault().outbox().isEmpty && helper.pushes == 0)
    let before = try helper.content()
    helper.run("store", Self.empty)
    #expect(try helper.content() == before)
  }

  @Test(arguments: [
    "protocol=https\nhost=sso.example\nusername=alice\n", "protocol=http\nhost=sso.example\n",
    "protocol=https\nhost=x.sso.example\n", "protocol=https\nhost=sso.example:8443\n",
    "protocol=https\nhost=sso.example\npath=a.git\n",
  ])
  func singleSignOnAppliesOnlyToItsPlace(request: String) throws {
    let helper = try HelperVault()
    helper.run("store", Self.empty)
    #expect(helper.run("get", request).output.isEmpty)
    helper.run("erase", request)
    #expect(helper.run("get", Self.get).output == Self.answer, "single sign-on was forgotten for another reason")
  }

  @Test(arguments: [get, get + "username=\n", empty, get + "password=\n"]) func singleSignOnIsForgotten(request: String)
    throws
  {
    let helper = try HelperVault()
    helper.run("store", Self.empty)
    helper.run("erase", request)
    #expect(helper.run("get", Self.get).output.isEmpty)
    #expect(try helper.vault().gitMemory().isEmpty)
  }

  @Test func aLoginComesBeforeSingleSignOn() throws {
    let helper = try HelperVault([HelperVault.login("{1}", origin: "https://sso.example", realm: "R", password: "p")])
    helper.run("store", Self.empty)
    #expect(helper.run("get", Self.get).output == "username=alice\npassword=p\n")
    helper.run("erase", Self.get + "username=alice\npassword=p\n")
    #expect(helper.run("get", Self.get).output == Self.answer)
  }

  @Test(arguments: ["ephemeral=1\n", "authtype=Bearer\n"]) func otherEmptyCredentialsAreNotSingleSignOn(
    attribute: String
  ) throws {
    let helper = try HelperVault()
    helper.run("store", Self.empty + attribute)
    #expect(try helper.vault().gitMemory().isEmpty)
  }

  @Test func aReadOnlyVaultRemembersNothing() throws {
    let helper = try HelperVault()
    helper.variables["LOCKWISE_STORE"] = "false"
    helper.run("store", Self.empty)
    #expect(helper.run("get", Self.get).output.isEmpty)
  }
}
