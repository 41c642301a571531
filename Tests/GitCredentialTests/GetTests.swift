import LockwiseCore
import Testing

@testable import git_credential_lockwise

/// What git is answered.
@Suite struct GetTests {
  private static let request = "protocol=https\nhost=h.example\n"

  @Test func onePlainAnswerAsksNobody() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p w=\u{1F511}")])
    let answer = helper.run("get", Self.request + "\n")
    #expect(answer.output == "username=alice\npassword=p w=\u{1F511}\n")
    #expect(answer.status == .success && answer.errors.isEmpty)
    #expect(helper.gitCalls == 0)
  }

  @Test func theStateComesOnlyToAGitThatKnowsIt() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    let lines = helper.run("get", "capability[]=authtype\ncapability[]=state\n" + Self.request).output
      .split(separator: "\n")
    #expect(lines.first == "capability[]=state")
    #expect(lines.last?.hasPrefix("state[]=lockwise:1:7b317d:0:") == true)
    #expect(!helper.run("get", "capability[]=authtype\n" + Self.request).output.contains("state"))
  }

  @Test func whatGitToldIsGivenBack() throws {
    let git = #"{"created":true,"passwordExpiry":1800000060,"oauthRefreshToken":"refresh"}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "p", git: git)])
    let expected = "username=alice\npassword=p\npassword_expiry_utc=1800000060\noauth_refresh_token=refresh\n"
    #expect(helper.run("get", Self.request).output == expected)
    // Expired: what another helper needs to renew it, and no password.
    helper.now = 1_800_000_060
    #expect(helper.run("get", Self.request).output == "username=alice\noauth_refresh_token=refresh\n")
  }

  @Test func expiredWithoutATokenIsNoAnswer() throws {
    let git = #"{"created":true,"passwordExpiry":1800000000}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "p", git: git)])
    #expect(helper.run("get", Self.request).output.isEmpty)
  }

  @Test func otherSchemesOnlyToAGitThatKnowsThem() throws {
    let git = #"{"created":true,"authtype":"Bearer"}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", username: "", password: "tok", git: git)])
    #expect(helper.run("get", Self.request).output.isEmpty)
    #expect(
      helper.run("get", "capability[]=authtype\n" + Self.request).output
        == "capability[]=authtype\nauthtype=Bearer\ncredential=tok\n")
  }

  @Test func whatTheProtocolCannotCarryIsPassedOver() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "R", password: #"two\nlines"#), HelperVault.login("{2}", password: "form"),
      HelperVault.login("{3}", realm: "R", username: #"a\nb"#, password: "p"),
    ])
    #expect(helper.run("get", Self.request).output == "username=alice\npassword=form\n")
  }

  @Test func ofSeveralAccountsTheConfigurationMayNameOne() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    try helper.configure("[credential \"https://h.example/team\"]\nlockwiseEntry = h.example/bob")
    try helper.configure("[credential \"https://*.example\"]\nlockwiseEntry = h.example/alice")
    #expect(helper.run("get", Self.request).output == "username=alice\npassword=a\n")
    #expect(helper.run("get", Self.request + "path=team/x.git\n").output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    // A user name leaves nothing to decide.
    #expect(helper.run("get", Self.request + "username=bob\n").output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    helper.variables["LOCKWISE_ENTRY"] = "h.example/bob"
    #expect(helper.run("get", Self.request).output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    helper.variables["LOCKWISE_ENTRY"] = "h.example/carol"
    let answer = helper.run("get", Self.request)
    #expect(answer.output.isEmpty && answer.errors.contains("no login of https://h.example is called"))
  }

  @Test func anAliasStandsInForAHostWithoutLogins() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "R", password: "p"),
      HelperVault.login("{2}", origin: "https://own.example", realm: "R", password: "own"),
    ])
    try helper.configure("[lockwise]\nalias = gist.h.example:h.example\nalias = own.example:h.example")
    try helper.configure("[lockwise \"https://scoped.example\"]\nalias = scoped.example:h.example")
    func password(_ scheme: String, _ host: String) -> String {
      helper.run("get", "protocol=\(scheme)\nhost=\(host)\n").output
    }
    let answer = "username=alice\npassword=p\n"
    #expect(password("https", "gist.h.example") == answer)
    #expect(password("https", "GIST.h.example:443") == answer)
    #expect(password("https", "scoped.example") == answer)
    #expect(password("https", "own.example") == "username=alice\npassword=own\n")
    for (scheme, host) in [
      ("http", "gist.h.example"), ("https", "gist.h.example:8443"), ("https", "x.gist.h.example"),
      ("ssh", "gist.h.example"),
      ("https", "other.example"), ("https", "gist.h.example.evil.example"),
    ] {
      #expect(password(scheme, host).isEmpty, "\(scheme)://\(host)")
    }
    helper.variables["LOCKWISE_ALIAS"] = "a.example:h.example, b.example:h.example"
    let calls = helper.gitCalls
    #expect(password("https", "b.example") == answer)
    #expect(password("https", "gist.h.example").isEmpty)
    #expect(helper.gitCalls == calls)
  }

  @Test(arguments: ["a", "a:", ":b", "a:b:c", "a:a", "a/x:b", "https://a:https://b", "*:b", "a b:c"])
  func noAlias(text: String) {
    // A star is a host like any other, and no host is called so.
    if let alias = HostAlias(text) { #expect(text == "*:b" && alias.from.host == "*") }
  }
}
