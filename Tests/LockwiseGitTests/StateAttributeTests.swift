import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The attribute `state[]` that the helper sends to git and git returns.
@Suite struct StateAttributeTests {
  private static let get = "capability[]=state\nprotocol=https\nhost=h.example\n"

  private func parse(_ text: String) -> StateAttribute? {
    SecretBytes(utf8: text).withUnsafeBytes { StateAttribute(parsing: $0) }
  }

  private func text(_ state: StateAttribute) -> String {
    var builder = SecretBuilder()
    state.append(to: &builder)
    return builder.finish().exposedText() ?? ""
  }

  @Test func valuesAreReadBack() {
    for isChoice in [true, false] {
      let state = StateAttribute(guid: "{a b}:=", isChoice: isChoice, digest: Array(0..<16))
      #expect(parse(text(state)) == state)
    }
  }

  @Test(arguments: [
    "", "lockwise", "lockwise:1:", "lockwise:1:::", "lockwise:2:61:0:00112233445566778899aabbccddeeff",
    "lockwise:1:61:2:00112233445566778899aabbccddeeff", "lockwise:1:61:00:00112233445566778899aabbccddeeff",
    "lockwise:1:6:0:00112233445566778899aabbccddeeff", "lockwise:1::0:00112233445566778899aabbccddeeff",
    "lockwise:1:61:0:00112233445566778899aabbccddee", "lockwise:1:61:0:00112233445566778899aabbccddeeff:",
    "lockwise:1:ff:0:00112233445566778899aabbccddeeff", "lockwise:1:2c:0:00112233445566778899aabbccddeeff",
    " lockwise:1:61:0:00112233445566778899aabbccddeeff", "other:1:61:0:00112233445566778899aabbccddeeff",
  ])
  func foreignStatesAreIgnored(text: String) { #expect(parse(text) == nil) }

  /// Returns the response to `get`, which git sends back as a whole.
  private func answer(_ helper: HelperVault, _ request: String = get) -> String {
    helper.run("get", request).output
  }

  @Test func anUnchangedStoreNeedsNoLogin() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
    let before = try helper.content()
    helper.run("store", Self.get + answer(helper))
    #expect(try helper.content() == before)
  }

  /// Of two logins with the same user name and password, the returned one is affected.
  @Test func eraseAffectsTheReturnedLogin() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", password: "p"),
      HelperVault.login("{2}", realm: "git", password: "p", git: #"{"created":true}"#),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    helper.run("erase", Self.get + answer(helper))
    #expect(try helper.logins() == ["form alice p"])
    #expect(answer(helper).contains("password=p"), "the other login must still be offered")
  }

  @Test func withoutAPasswordTheStateNamesTheLogin() throws {
    let helper = try HelperVault([HelperVault.login("{2}", realm: "git", password: "p", git: #"{"created":true}"#)])
    let state = try #require(answer(helper).split(separator: "\n").last)
    helper.run("erase", Self.get + state + "\n")
    #expect(try helper.logins().isEmpty)
  }

  @Test func aForgedStateIsIgnored() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", password: "p", git: #"{"created":true}"#),
      HelperVault.login("{2}", origin: "https://other.example", realm: "git", password: "p", git: #"{"created":true}"#),
      HelperVault.login("{3}", realm: "git", username: "bob", password: "q", git: #"{"created":true}"#),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    let states = [
      // An invented state, one of another host and one of another user.
      text(StateAttribute(guid: "{1}", isChoice: false, digest: Array(repeating: 0, count: 16))),
      answer(helper, "capability[]=state\nprotocol=https\nhost=other.example\n"),
      answer(helper, Self.get + "username=bob\n"),
    ].map { text in text.split(separator: "\n").last.map(String.init) ?? "" }
      .map { $0.hasPrefix("state[]=") ? $0 : "state[]=" + $0 }
    let before = try helper.content()
    for state in states.prefix(2) {
      for request in [Self.get, Self.get + "username=alice\n", "protocol=https\nhost=third.example\n"] {
        helper.run("erase", request + state + "\n")
        helper.run("erase", request + "password=wrong\n" + state + "\n")
      }
    }
    helper.run("erase", Self.get + "username=alice\n" + states[2] + "\n")
    #expect(try helper.content() == before)
    // `store` works as without a state.
    for state in states { helper.run("store", Self.get + "username=alice\npassword=new\n" + state + "\n") }
    #expect(try helper.logins() == ["git alice new", "git bob q"])
  }

  @Test func theStateOfAnOlderPasswordIsIgnored() throws {
    let helper = try HelperVault([HelperVault.login("{1}", realm: "git", password: "old", git: #"{"created":true}"#)])
    let state = try #require(answer(helper).split(separator: "\n").last)
    helper.run("store", Self.get + "username=alice\npassword=new\n" + state + "\n")
    #expect(try helper.logins() == ["git alice new"])
    helper.run("erase", Self.get + "username=alice\npassword=old\n" + state + "\n")
    helper.run("erase", Self.get + state + "\n")
    #expect(try helper.logins() == ["git alice new"])
  }

  /// A user name that selects an account other than the default is remembered for its path only.
  @Test func aChoiceThatWorkedIsRememberedForItsPath() throws {
    let helper = try HelperVault([
      HelperVault.login("{1}", realm: "git", username: "alice", password: "a"),
      HelperVault.login("{2}", realm: "git", username: "bob", password: "b"),
    ])
    helper.variables["LOCKWISE_ENTRY"] = ""
    #expect(answer(helper).contains("username=alice"))
    let chosen = answer(helper, Self.get + "username=bob\n")
    #expect(chosen.contains(":7b327d:1:") || chosen.contains("state[]=lockwise:1:7b327d:1:"))
    let before = try helper.content()
    helper.run("store", Self.get + chosen)
    #expect(try helper.content() == before)
    #expect(answer(helper).contains("username=alice"))
    let there = Self.get + "path=team/x.git\n"
    helper.run("store", there + answer(helper, there + "username=bob\n"))
    #expect(answer(helper, there).contains("username=bob") && answer(helper).contains("username=alice"))
    #expect(answer(helper, there + "username=bob\n").contains(":7b327d:0:"))
  }

  /// git drops the server's challenge before it stores a password that the user typed.
  @Test func aRequestWithoutALoginKeepsTheRealm() throws {
    let helper = try HelperVault([])
    let place = "capability[]=state\nprotocol=https\nhost=h.example\n"
    let said = helper.run("get", place + "wwwauth[]=Negotiate\nwwwauth[]=Basic realm=\"R \u{E4}\"\n").output
    #expect(said == "capability[]=state\nstate[]=lockwise:realm:5220c3a4\n")
    helper.run("store", place + "username=alice\npassword=p\n" + said)
    #expect(try helper.logins() == ["R \u{E4} alice p"])
    // The state is sent only if there is a realm and git supports it.
    for request in [place, "protocol=https\nhost=x.example\nwwwauth[]=Basic realm=\"R\"\n"] {
      #expect(helper.run("get", request.replacing("h.example", with: "x.example")).output == "")
    }
    // The realm that the server names when it rejects a password comes first.
    let other = place + "username=bob\npassword=p\n" + said + "wwwauth[]=Basic realm=\"S\"\n"
    helper.run("store", other)
    #expect(try helper.logins().contains("S bob p"))
  }

  @Test(arguments: [
    "lockwise:realm:5", "lockwise:realm:xx", "lockwise:realm:ff", "lockwise:realm:00", "lockwise:realm:0a",
    "lockwise:realm", "other:realm:52", "lockwise:realm:" + String(repeating: "41", count: 1025),
  ])
  func invalidRealmsAreIgnored(state: String) throws {
    let helper = try HelperVault([])
    let run = helper.run(
      "store", "protocol=https\nhost=h.example\nusername=alice\npassword=p\nstate[]=\(state)\n")
    #expect(run.errors.isEmpty)
    #expect(try helper.logins() == ["git alice p"])
  }
}
