import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The operation `get`.
@Suite struct GetTests {
  private static let request = "protocol=https\nhost=h.example\n"

  @Test func aSingleLoginIsReturnedWithoutPrompting() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p w=\u{1F511}")])
    let answer = helper.run("get", Self.request + "\n")
    #expect(answer.output == "username=alice\npassword=p w=\u{1F511}\n")
    #expect(answer.status == .success && answer.errors.isEmpty)
    #expect(helper.gitCalls == 0)
  }

  @Test func theStateIsSentOnlyIfGitSupportsIt() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    let lines = helper.run("get", "capability[]=authtype\ncapability[]=state\n" + Self.request).output
      .split(separator: "\n")
    #expect(lines.first == "capability[]=state")
    #expect(lines.last?.hasPrefix("state[]=lockwise:1:7b317d:0:") == true)
    #expect(!helper.run("get", "capability[]=authtype\n" + Self.request).output.contains("state"))
  }

  @Test func attributesFromGitAreReturned() throws {
    let git = #"{"created":true,"passwordExpiry":1800000060,"oauthRefreshToken":"refresh"}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "p", git: git)])
    let expected = "username=alice\npassword=p\npassword_expiry_utc=1800000060\noauth_refresh_token=refresh\n"
    #expect(helper.run("get", Self.request).output == expected)
    // An expired login is returned with its refresh token for another helper, without its password.
    helper.now = 1_800_000_060
    #expect(helper.run("get", Self.request).output == "username=alice\noauth_refresh_token=refresh\n")
  }

  @Test func anExpiredLoginWithoutATokenIsNotReturned() throws {
    let git = #"{"created":true,"passwordExpiry":1800000000}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "p", git: git)])
    #expect(helper.run("get", Self.request).output.isEmpty)
  }

  @Test func otherSchemesAreSentOnlyIfGitSupportsThem() throws {
    let git = #"{"created":true,"authtype":"Bearer"}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", username: "", password: "tok", git: git)])
    #expect(helper.run("get", Self.request).output.isEmpty)
    #expect(
      helper.run("get", "capability[]=authtype\n" + Self.request).output
        == "capability[]=authtype\nauthtype=Bearer\ncredential=tok\n")
  }

  /// A login with a line feed or carriage return in a value is skipped without a message.
  @Test(
    arguments: [#"two\nlines"#, #"end\r"#, #"mid\rdle"#, #"\r\n"#],
    ["password", "username", "credential", "authtype", "refresh token"])
  func unsendableLoginsAreSkipped(text: String, place: String) throws {
    let git: String? =
      switch place {
      case "credential": #"{"created":true,"authtype":"Bearer"}"#
      case "authtype": #"{"created":true,"authtype":"\#(text)"}"#
      case "refresh token": #"{"created":true,"oauthRefreshToken":"\#(text)"}"#
      default: nil
      }
    let isSecret = place == "password" || place == "credential"
    let helper = try HelperVault([
      HelperVault.login(
        "{1}", realm: "R", username: place == "username" ? text : "alice", password: isSecret ? text : "p", git: git),
      HelperVault.login("{2}", username: "bob", password: "form"),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    let run = helper.run("get", "capability[]=authtype\n" + Self.request)
    #expect(run.output == "username=bob\npassword=form\n" && run.errors.isEmpty && run.status == .success)
  }

  /// Another helper does not receive an incomplete login either.
  @Test(arguments: [#"a\r"#, #"a\nb"#]) func anUnsendableTokenIsNotReturned(token: String) throws {
    let git = #"{"created":true,"passwordExpiry":1700000000,"oauthRefreshToken":"\#(token)"}"#
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "p", git: git)])
    let run = helper.run("get", Self.request)
    #expect(run.output.isEmpty && run.errors.isEmpty)
  }

  private static func request(_ name: String, _ bytes: [UInt8], _ rest: String = "") -> SecretBytes {
    .concatenating([
      SecretBytes(utf8: request + name + "="), SecretBytes(copying: bytes), SecretBytes(utf8: "\n" + rest),
    ])
  }

  /// Latin-1 bytes.
  @Test(arguments: ["path", "username"]) func invalidUTF8AffectsOnlyItsAttribute(name: String) throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    let run = helper.run("get", Self.request(name, [0x6A, 0xE9]))
    #expect(run.output == "username=alice\npassword=p\n" && run.errors.isEmpty && run.status == .success)
    let url =
      Array("url=https://".utf8) + (name == "username" ? Array("j%E9@".utf8) : []) + Array("h.example/j%E9\n".utf8)
    #expect(helper.run("get", SecretBytes(copying: url)).output == "username=alice\npassword=p\n")
  }

  /// A path that is not UTF-8 is distinct, and logins of other paths do not match it.
  @Test func aNonUTF8PathHasItsOwnLogin() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git:j", password: "other"),
      HelperVault.login("{2}", realm: "git:j\u{E9}", password: "composed"),
    ])
    let path: [UInt8] = [0x6A, 0xE9]
    #expect(helper.run("get", Self.request("path", path)).output.isEmpty)
    #expect(helper.run("store", Self.request("path", path, "username=alice\npassword=mine\n")).status == .success)
    #expect(helper.run("get", Self.request("path", path)).output == "username=alice\npassword=mine\n")
    #expect(helper.run("get", Self.request("path", [0x6A, 0xE8])).output.isEmpty)
    helper.run("erase", Self.request("path", path, "password=mine\n"))
    #expect(helper.run("get", Self.request("path", path)).output.isEmpty)
    #expect(try helper.logins().count == 2)
  }

  /// An impossible user name neither deletes nor stores anything.
  @Test func aNonUTF8UserNameChangesNothing() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", password: "p", git: #"{"created":true}"#)
    ])
    let before = try helper.content()
    for rest in ["password=p\n", ""] { helper.run("erase", Self.request("username", [0xFF], rest)) }
    let store = helper.run("store", Self.request("username", [0xFF], "password=q\n"))
    #expect(store.status == .failure && store.errors.contains("text that is not UTF-8"))
    #expect(try helper.content() == before)
    // A second user name replaces the first.
    #expect(helper.run("get", Self.request("username", [0xFF], "username=bob\n")).output.isEmpty)
  }

  @Test func theConfigurationSelectsAnAccount() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    try helper.configure("[credential \"https://h.example/team\"]\nlockwiseEntry = h.example/bob")
    try helper.configure("[credential \"https://*.example\"]\nlockwiseEntry = h.example/alice")
    #expect(helper.run("get", Self.request).output == "username=alice\npassword=a\n")
    #expect(helper.run("get", Self.request + "path=team/x.git\n").output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    // A user name makes the choice unambiguous.
    #expect(helper.run("get", Self.request + "username=bob\n").output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    helper.variables["LOCKWISE_ENTRY"] = "h.example/bob"
    #expect(helper.run("get", Self.request).output == "username=bob\npassword=b\n")
    #expect(helper.gitCalls == 2)
    helper.variables["LOCKWISE_ENTRY"] = "h.example/carol"
    let answer = helper.run("get", Self.request)
    #expect(answer.output.isEmpty && answer.errors.contains("no login for https://h.example matches"))
  }

  @Test func anAliasIsUsedForAHostWithoutLogins() throws {
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

  /// git compares the path of the URL that it was given with its configuration, and keeps it from helpers unless
  /// `credential.useHttpPath` is set.
  @Test func aPinForAPathWorksWithoutUseHttpPath() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    try helper.configure("[credential \"https://h.example/team\"]\nlockwiseEntry = h.example/bob")
    func user(_ remote: String?) -> Substring? {
      helper.remote = remote
      return helper.run("get", Self.request).output.split(separator: "\n").first?.dropFirst("username=".count)
    }
    for remote in [
      "https://h.example/team/x.git", "https://H.example:443/team", "https://carol:pw@h.example/team/x.git/",
    ] {
      #expect(user(remote) == "bob", "\(remote)")
    }
    for remote in [
      "https://h.example/other.git", "https://h.example/teams", "http://h.example/team/x.git",
      "https://x.example/team/x.git",
      "https://h.example:8443/team/x.git", "origin", "", "https://h.example/%0a/team", nil,
    ] {
      #expect(user(remote) == "alice", "\(remote ?? "none")")
    }
    // The path itself binds nothing: a login of that path is still one for the whole host.
    helper.remote = "https://h.example/team/x.git"
    helper.run("store", Self.request + "username=carol\npassword=c\n")
    #expect(try helper.logins().contains("git carol c"))
  }

  /// Firefox saves a proxy's login as `moz-proxy://host:port`; git asks for one with the protocol, host and port of
  /// `http.proxy`.
  @Test(arguments: [
    ("http", "http://alice@proxy.example:3128"), ("http", "proxy.example:3128"),
    ("https", "https://proxy.example:3128/"),
  ])
  func aProxyIsAnsweredWithFirefoxsLoginForIt(scheme: String, setting: String) throws {
    let login = HelperVault.login("{1}", origin: "moz-proxy://proxy.example:3128", realm: "Squid", password: "p")
    let helper = try HelperVault([login])
    let request = "protocol=\(scheme)\nhost=proxy.example:3128\nusername=alice\n"
    let answer = "username=alice\npassword=p\n"
    #expect(helper.run("get", request).output.isEmpty, "git uses no proxy")
    try helper.makeRepository("[http]\nproxy = \(setting)")
    #expect(helper.run("get", request).output.isEmpty, "a repository's proxy was accepted")
    helper.variables["GIT_DIR"] = helper.root.appendingPathComponent("none").path
    for variable in ["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
      helper.variables[variable] = setting
      #expect(helper.run("get", request).output == answer, "\(variable)")
      helper.variables[variable] = nil
    }
    try helper.configure("[http \"https://git.example\"]\nproxy = \(setting)")
    #expect(helper.run("get", request).output == answer)
    for other in [
      request.replacing("3128", with: "3129"), request.replacing("proxy.", with: "x.proxy."),
      request.replacing("alice", with: "bob"), request.replacing("protocol=\(scheme)\n", with: "protocol=ftp\n"),
      request.replacing("protocol=\(scheme)\n", with: "protocol=\(scheme == "http" ? "https" : "http")\n"),
    ] {
      #expect(helper.run("get", other).output.isEmpty, "\(other)")
    }
    // It is the browser's: git neither changes nor deletes it, and stores no duplicate.
    helper.variables["LOCKWISE_ERASE"] = "all"
    helper.run("store", request + "password=p\n")
    #expect(try helper.vault().outbox().isEmpty)
    helper.run("erase", request)
    #expect(helper.run("get", request).output == answer, "a refusal without a password was recorded")
    helper.run("erase", request + "password=p\n")
    #expect(try helper.vault().outbox().isEmpty)
    #expect(helper.run("get", request).output.isEmpty)
  }

  /// A login for another protocol is never sent to a proxy, nor a proxy's to a web site.
  @Test func aProxyGetsOnlyItsLogin() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", origin: "https://proxy.example:3128", realm: "R", password: "web"),
      HelperVault.login("{2}", origin: "ftp://proxy.example:3128", realm: "R", password: "ftp"),
      HelperVault.login("{3}", origin: "moz-proxy://h.example:443", realm: "R", password: "proxy"),
    ])
    try helper.configure("[http]\nproxy = http://alice@proxy.example:3128")
    #expect(helper.run("get", "protocol=http\nhost=proxy.example:3128\nusername=alice\n").output.isEmpty)
    #expect(helper.run("get", "protocol=https\nhost=h.example\nusername=alice\n").output.isEmpty)
  }

  @Test func proxiesMayUseTheDefaultPort() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", origin: "moz-proxy://proxy.example:80", realm: "R", password: "eighty"),
      HelperVault.login("{2}", origin: "moz-proxy://proxy.example:443", realm: "R", password: "tls"),
    ])
    try helper.configure("[http]\nproxy = http://proxy.example\n[http \"https://a\"]\nproxy = https://proxy.example")
    #expect(helper.run("get", "protocol=http\nhost=proxy.example\n").output.contains("eighty"))
    #expect(helper.run("get", "protocol=https\nhost=proxy.example\n").output.contains("tls"))
  }

  @Test(arguments: ["a", "a:", ":b", "a:b:c", "a:a", "a/x:b", "https://a:https://b", "*:b", "a b:c"])
  func noAlias(text: String) {
    // A star is a host like any other, and no host is called so.
    if let alias = HostAlias(text) { #expect(text == "*:b" && alias.from.host == "*") }
  }
}
