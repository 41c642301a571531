import Foundation
import Testing

@testable import LockwiseHostSupport

/// Requests of `store`, and what a `get` says then; and the other operations.
@Suite struct StoreTranscriptTests {
  /// A request for a host of its own (`HOST`), its exit status, and whether the password is there then.
  typealias Row = (request: String, status: Int32, isStored: Bool)

  private static let place = "protocol=https\nhost=HOST\n"
  private static let known = place + "username=u\npassword=p\n"

  static func rows(now: Int) -> [Row] {
    [
      (known, 0, true), (known + "\n", 0, true), ("protocol=https\nhost=HOST\nusername=u\npassword=p", 0, true),
      ("password=p\nusername=u\nhost=HOST\nprotocol=https\n", 0, true), (known + "\npassword=q\n", 0, true),
      (known + "path=a/b.git\n", 0, true), (known + "wwwauth[]=Basic realm=\"r\"\n", 0, true),
      (known + "color=blue\nlist[]=1\n=\n", 0, true), (known + "capability[]=telepathy\n", 0, true),
      ("capability[]=authtype\ncapability[]=state\n" + known, 0, true),
      ("capability[]=state\n" + known + "state[]=other.helper=1\nstate[]=lockwise.login=none\n", 0, true),
      (known + "oauth_refresh_token=r\n", 0, true),
      (known + "color=" + String(repeating: "x", count: 1 << 20) + "\n", 0, true),
      ("url=https://u@HOST/a\npassword=p\n", 0, true),
      // Nothing that could be used.
      (place + "username=u\n", 0, false), (place + "username=u\npassword=\n", 0, false),
      ("protocol=https\nusername=u\npassword=p\n", 0, false), ("host=HOST\nusername=u\npassword=p\n", 0, false),
      ("protocol=https\nhost=\nusername=u\npassword=p\n", 0, false), ("", 0, false), ("\n", 0, false),
      // What is not to be kept.
      ("capability[]=authtype\n" + known + "ephemeral=1\n", 0, false),
      ("capability[]=authtype\n" + known + "ephemeral=true\n", 0, false),
      ("capability[]=authtype\n" + known + "ephemeral=0\n", 0, true),
      (known + "password_expiry_utc=1\n", 0, false), (known + "password_expiry_utc=\(now - 1)\n", 0, false),
      (known + "password_expiry_utc=\(now + 30)\n", 0, false),
      (known + "password_expiry_utc=\(now + 365 * 86400)\n", 0, true),
      // What is not a request is refused as a whole.
      (known.replacing("\n", with: "\r\n"), 1, false), (place + "username=u\r\npassword=p\n", 1, false),
      (place + "username=u\npassword=p\0q\n", 1, false), (place + "username=u\0\npassword=p\n", 1, false),
      ("protocol=https\nhost=HOST\0\nusername=u\npassword=p\n", 1, false), (known + "no separator\n", 1, false),
      (known + String(repeating: "x", count: 1 << 20) + "\n", 1, false), (place + "username=u\npasswo", 1, false),
    ]
  }

  @Test func everyRequestIsStoredOrNot() throws {
    let stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
    let now = Int(Date().timeIntervalSince1970)
    for (number, row) in Self.rows(now: now).enumerated() {
      let host = "h\(number).example"
      let request = row.request.replacing("HOST", with: host)
      let name = (request.count > 300 ? "\(request.prefix(150))…" : request).debugDescription
      let run = try Run.program(
        Executables.path("git-credential-lockwise"), ["store"], input: .text(request),
        environment: stage.scratch.environment)
      #expect(run.output.isEmpty && run.status == row.status, "\(name): \(run.ending) \(run.output)")
      #expect(run.error.isEmpty == (row.status == 0), "\(name): \(run.error)")
      run.expectWellFormedErrors(by: "git-credential-lockwise")
      let answer = try stage.get("protocol=https\nhost=\(host)\n")
      #expect(answer.password == (row.isStored ? "p" : nil), "\(name): \(answer.output)")
      #expect(answer.username == (row.isStored ? "u" : nil), "\(name)")
      for attribute in ["password_expiry_utc", "oauth_refresh_token"] where row.isStored {
        let given = request.split(separator: "\n").first { $0.hasPrefix(attribute + "=") }
        #expect(answer.attributes[attribute] == given.map { String($0.dropFirst(attribute.count + 1)) }, "\(name)")
      }
    }
    // Those that were not to be kept are nowhere.
    let isSent = try Deadline(seconds: 20).await {
      usleep(50_000)
      return try stage.status()["waiting"] as? Int == 0
    }
    #expect(isSent)
    #expect(try stage.sandbox.storedLogins().count == 46 + Self.rows(now: now).filter(\.isStored).count)
  }

  /// Whole tokens with a scheme of their own, for a git that knows them, and for no other.
  @Test func aBearerTokenIsForAGitThatAnnouncedIt() throws {
    let stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
    let place = "protocol=https\nhost=bearer.example\n"
    let capable = "capability[]=authtype\ncapability[]=state\n"
    let store = try Run.program(
      Executables.path("git-credential-lockwise"), ["store"],
      input: .text(capable + place + "authtype=Bearer\ncredential=token-4711\n"), environment: stage.scratch.environment
    )
    #expect(store.expectSuccess().output.isEmpty && store.error.isEmpty, "\(store.error)")
    let answer = try stage.get(capable + place).expectSuccess()
    #expect(
      answer.attributes["authtype"] == "Bearer" && answer.attributes["credential"] == "token-4711", "\(answer.output)")
    #expect(answer.password == nil && answer.lines.first == "capability[]=authtype", "\(answer.output)")
    #expect(try stage.get(place).expectSuccess().output.isEmpty)
    #expect(try stage.get("capability[]=state\n" + place).expectSuccess().attributes["credential"] == nil)
  }

  /// gitcredentials(7): "If it does not support the requested operation … it should silently ignore the request."
  @Test(arguments: ["", "fill", "approve", "reject", "list", "GET", "store ", "get\n"])
  func otherOperationsAreIgnored(verb: String) throws {
    let scratch = try Scratch()
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), [verb], input: .text("protocol=https\nhost=github.com\n"),
      environment: scratch.environment)
    #expect(run.expectSuccess().output.isEmpty && run.error.isEmpty, "\(run.error)")
  }

  /// Nobody is signed in: other helpers may have an answer, and nothing is to be said on each command.
  @Test(arguments: ["get", "store", "erase"]) func withoutAVault(verb: String) throws {
    let scratch = try Scratch()
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), [verb],
      input: .text("protocol=https\nhost=github.com\nusername=u\npassword=p\n"), environment: scratch.environment)
    #expect(run.expectSuccess().output.isEmpty && run.error.isEmpty, "\(run.error)")
    #expect(!scratch.hasVault)
  }
}
