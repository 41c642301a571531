import Foundation
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// The records that a real Firefox wrote, read from the vault unchanged.
@Suite final class FixtureTests {
  let stage: TestHome
  let expected: [ExpectedLogin]

  init() throws {
    stage = try TestHome()
    expected = try ExpectedLogin.all()
    try stage.signInAndPull()
  }

  @Test func findsEveryLoginByItsUserName() throws {
    #expect(expected.count == 46)
    for login in expected where login.isCarriable {
      let (scheme, host) = login.git
      let run = try stage.get("protocol=\(scheme)\nhost=\(host)\nusername=\(login.username)\n\n")
      #expect(run.status == 0)
      #expect(run.error.isEmpty, "\(login.origin): \(run.error)")
      #expect(run.output == "username=\(login.username)\npassword=\(login.password)\n", "\(login.origin)")
    }
  }

  @Test func findsALoginOfTheOriginWithoutAUserName() throws {
    for origin in Set(expected.filter(\.isCarriable).map(\.origin)) {
      let candidates = expected.filter { $0.origin == origin }
      let (scheme, host) = candidates[0].git
      let run = try stage.get("protocol=\(scheme)\nhost=\(host)\n")
      let isOne = candidates.contains { run.username == $0.username && run.password == $0.password }
      #expect(isOne, "\(origin): \(run.output)")
    }
  }

  @Test func prefersTheRealmOfTheServer() throws {
    let request = "protocol=https\nhost=git.example.org\ncapability[]=authtype\n"
    let http = try stage.get(request + "wwwauth[]=Basic realm=\"Example Git\"\n")
    #expect(["marie", "marie-bot"].contains(http.username))
    let other = try stage.get(request + "wwwauth[]=Basic realm=\"Something else\"\n")
    #expect(["marie", "marie-bot"].contains(other.username), "HTTP logins come before form logins")
    let form = try stage.get(request + "username=marie@example.org\nwwwauth[]=Basic realm=\"Example Git\"\n")
    #expect(form.password == "the web password", "a user name is binding")
  }

  @Test func keepsPasswordsOfLookAlikesApart() throws {
    let own = ["github.com": "ghp_webAndGit0123456789", "evilgithub.com": "not github"]
    for (host, password) in own.merging(["github.com.evil.example": "not github either"], uniquingKeysWith: { $1 }) {
      #expect(try stage.get("protocol=https\nhost=\(host)\n").password == password)
    }
    for login in expected where login.isCarriable {
      let (scheme, host) = login.git
      for other in ["x\(host)", "\(host).example", "sub.\(host)"] {
        let run = try stage.get("protocol=\(scheme)\nhost=\(other)\nusername=\(login.username)\n")
        #expect(run.output.isEmpty, "\(scheme)://\(other)")
        #expect(run.status == 0)
      }
    }
  }

  @Test func omitsPasswordsThatGitCannotCarry() throws {
    let login = try #require(expected.first { !$0.isCarriable })
    let (scheme, host) = login.git
    let run = try stage.get("protocol=\(scheme)\nhost=\(host)\n").expectSuccess()
    #expect(run.outputBytes.isEmpty)
  }

  @Test func keepsEveryFieldOfFirefox() throws {
    let content = try Unlocker.readKeyFile(stage.scratch.keyFile)
    let file = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .reading)
    let vault = try file.unlock(#require(file.slots().first), with: content)
    var found: [String: LoginRecord] = [:]
    try vault.forEachLogin { found[$0.guid] = $0 }
    #expect(Set(found.keys) == Set(expected.map(\.guid)))
    for login in expected {
      let record = try #require(found[login.guid], "\(login.guid)")
      try compare(record, login.fields)
      #expect(try vault.login(guid: login.guid)?.json == record.json)
    }
  }

  private func compare(_ record: LoginRecord, _ fields: [String: Any]) throws {
    let place = "\(record.guid) (\(record.origin))"
    func text(_ name: String) -> String? { fields[name] as? String }
    func number(_ name: String) -> Int64? { (fields[name] as? NSNumber)?.int64Value }
    #expect(record.origin == text("origin"), "\(place)")
    #expect(record.formActionOrigin == text("formActionOrigin"), "\(place)")
    #expect(record.httpRealm == text("httpRealm"), "\(place)")
    #expect(Array(record.username.utf8) == Array((text("username") ?? "?").utf8), "\(place)")
    #expect(record.password.exposedText().map { Array($0.utf8) } == text("password").map { Array($0.utf8) }, "\(place)")
    #expect(record.usernameField == text("usernameField"), "\(place)")
    #expect(record.passwordField == text("passwordField"), "\(place)")
    #expect(record.timeCreated.rawValue == number("timeCreated"), "\(place)")
    #expect(record.timePasswordChanged.rawValue == number("timePasswordChanged"), "\(place)")
    // Firefox desktop does not upload these two.
    #expect([0, number("timeLastUsed")].contains(record.timeLastUsed.rawValue), "\(place)")
    #expect([0, number("timesUsed")].contains(record.timesUsed), "\(place)")
    var unknown: [String: Any] = [:]
    for (name, json) in record.unknownMembers {
      let bytes = json.withUnsafeBytes { Data($0) }
      unknown[name] = try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed)
    }
    let listed = fields["unknownFields"] as? [String: Any] ?? [:]
    #expect(NSDictionary(dictionary: unknown) == NSDictionary(dictionary: listed), "\(place)")
  }
}
