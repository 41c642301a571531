import Foundation
import Testing

@testable import LockwiseHostSupport

/// Requests of `get` and the helper's answers: every attribute of git-credential(1) (git 2.47), unknown ones, and
/// malformed lines.
@Suite struct GetTranscriptTests {
  /// The result of a request.
  enum Outcome: Equatable {
    /// A user name and password, and nothing else except `capability[]` and `state[]`.
    case answer
    /// Success without output.
    case nothing
    /// Exit status 1 and an error with this text.
    case malformed(String)
  }

  private static let github = "protocol=https\nhost=github.com\n"
  private static let malformed = Outcome.malformed("git's request is malformed")
  private static let long = String(repeating: "x", count: 1 << 20)

  static let rows: [(request: String, outcome: Outcome)] = [
    // Attributes that git always sends.
    (github, .answer), (github + "\n", .answer), ("protocol=https\nhost=github.com", .answer),
    ("host=github.com\nprotocol=https\n\n", .answer), (github + "\nhost=evil.example\n", .answer),
    (github + "\nno separator", .answer),
    (github + "path=marie/radium.git\n", .answer), (github + "path=\n", .answer),
    (github + "path=a\u{301}/%2e=\n", .answer),
    (github + "username=mcurie\n", .answer), (github + "username=other\n", .nothing),
    (github + "username=\n", .nothing),
    (github + "username=mcurie \n", .nothing), (github + "username=MCURIE\n", .nothing),
    // Attributes for store and erase are ignored.
    (github + "password=any\n", .answer), (github + "password_expiry_utc=1\n", .answer),
    (github + "password_expiry_utc=99999999999999999999999999\n", .answer),
    (github + "password_expiry_utc=x\n", .answer),
    (github + "oauth_refresh_token=any\n", .answer), (github + "credential=any\n", .answer),
    (github + "ephemeral=1\n", .answer), (github + "continue=1\n", .answer), (github + "quit=1\n", .answer),
    // Realms, and invalid challenges.
    (github + "wwwauth[]=Basic realm=\"GitHub\"\n", .answer), (github + "wwwauth[]=\n", .answer),
    (github + "wwwauth[]=Negotiate\nwwwauth[]=Bearer x=\"y\", realm=z\n", .answer),
    (github + "wwwauth[]=Basic realm=\"unfinished\\\n", .answer), (github + "wwwauth[]=, , =\"\n", .answer),
    // Capabilities: supported, unknown, missing, repeated. Attributes that need one are sent only if git announced it.
    (github + "capability[]=authtype\n", .answer), (github + "capability[]=state\n", .answer),
    ("capability[]=authtype\ncapability[]=state\n" + github, .answer), (github + "capability[]=\n", .answer),
    (github + "capability[]=telepathy\ncapability[]=state\ncapability[]=state\n", .answer),
    (
      "capability[]=state\n" + github + "state[]=other.helper=1\nstate[]=\nstate[]=lockwise.\nstate[]=lockwise\n",
      .answer
    ),
    ("capability[]=state\n" + github + "state[]=lockwise.login=%00%ff{}\"'\\\n", .answer),
    // Unknown attributes and invalid names.
    (github + "color=blue\n", .answer), (github + "list[]=1\nlist[]=\n", .answer), (github + "=\n", .answer),
    (github + "=value\n", .answer), (github + "Host=evil.example\n", .answer),
    (github + " host=evil.example\n", .answer),
    (github + "host =evil.example\n", .answer), (github + "host[]=evil.example\n", .answer),
    (github + "color=a=b==c\n", .answer), (github + "\u{1F511}=\u{1F513}\n", .answer),
    (github + "color=\u{7}\u{1B}[31m\n", .answer),
    // url stands for its parts.
    ("url=https://github.com\n", .answer), ("url=https://mcurie@github.com:443/a?b#c\n", .answer),
    ("url=https://other@github.com\n", .nothing), ("url=https://github.com\nurl=https://evil.example\n", .nothing),
    ("url=https://github.com\nusername=other\n", .nothing), ("url=cert:///path/to/file\n", .nothing),
    ("url=github.com\n", malformed), ("url=\n", malformed), ("url=https:\n", malformed),
    // Missing attributes.
    ("", .nothing), ("\n", .nothing), ("\n\n\n", .nothing), ("protocol=https\n", .nothing),
    ("host=github.com\n", .nothing),
    ("protocol=\nhost=\n", .nothing), ("protocol=https\nhost=\n", .nothing), ("username=mcurie\n", .nothing),
    ("protocol=https\nhost=git", .nothing), ("protocol=https\nhost=", .nothing), ("protocol=https\nhos", malformed),
    ("protocol=https\nhost\n", malformed), ("protocol", malformed), ("\nprotocol=https\nhost=github.com\n", .nothing),
    // Line ends of other systems, and forbidden bytes.
    ("protocol=https\r\nhost=github.com\r\n\r\n", malformed), (github + "\r\n", malformed),
    ("protocol=https\nhost=github.com\r\n", malformed), (github + "username=mcurie\0\n", malformed),
    ("protocol=https\nhost=github.com\0\n", malformed), (github + "path=a\0\n", malformed),
    (github + "path=a\r\n", malformed),
    (github + "\0\n", malformed),
    // Long requests.
    (github + "color=\(long)\n", .answer), (github + "\(long)=blue\n", .answer),
    (github + "wwwauth[]=\(long)\n", .answer),
    (github + "path=\(long)\n", .answer), (github + "username=\(long)\n", .nothing), (github + "\(long)\n", malformed),
    ("protocol=https\nhost=\(long)\n", .nothing), ("protocol=\(long)\nhost=github.com\n", .nothing),
    ("url=https://github.com/\(long)\n", .answer), ("url=https://\(long).github.com\n", .nothing),
    (github + String(repeating: "list[]=1\n", count: 100_000), .answer),
    (github + String(repeating: "capability[]=state\nwwwauth[]=Basic realm=x\n", count: 10_000), .answer),
    ("protocol=https\nhost=" + String(repeating: "github.com.", count: 10_000) + "\n", .nothing),
  ]

  @Test func answersEachRequest() throws {
    let stage = try TestHome()
    try stage.signInAndPull()
    for (request, outcome) in Self.rows {
      let row = request.count > 300 ? "\(request.prefix(150))…" : request
      let run = try stage.get(request)
      run.expectWellFormedErrors(by: "git-credential-lockwise")
      let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      let isAsked = request.contains("capability[]=state\n")
      switch outcome {
      case .answer:
        let extra = lines.filter { $0.hasPrefix("capability[]=") || $0.hasPrefix("state[]=") }
        #expect(
          extra.isEmpty || isAsked || request.contains("capability[]=authtype\n"),
          "\(row.debugDescription): \(run.output)")
        #expect(lines.filter { $0.hasPrefix("state[]=") }.isEmpty || isAsked, "\(row.debugDescription): \(run.output)")
        #expect(
          lines.filter { !extra.contains($0) } == ["username=mcurie", "password=ghp_webAndGit0123456789", ""],
          "\(row.debugDescription): \(run.output) \(run.error)")
        #expect(run.status == 0 && run.error.isEmpty, "\(row.debugDescription): \(run.ending) \(run.error)")
        // A capability comes before the attributes that need it (git-credential(1)).
        let firstState = lines.firstIndex { $0.hasPrefix("state[]=") } ?? lines.endIndex
        #expect(lines.firstIndex(of: "capability[]=state").map { $0 < firstState } ?? (firstState == lines.endIndex))
      case .nothing:
        let rest = lines.filter { !($0.isEmpty || $0.hasPrefix("capability[]=") || $0.hasPrefix("state[]=")) }
        #expect(rest.isEmpty && (isAsked || run.output.isEmpty), "\(row.debugDescription): \(run.output)")
        #expect(run.status == 0 && run.error.isEmpty, "\(row.debugDescription): \(run.ending) \(run.error)")
      case .malformed(let text):
        #expect(run.output.isEmpty && run.status == 1, "\(row.debugDescription): \(run.ending) \(run.output)")
        #expect(run.error.contains("error: " + text), "\(row.debugDescription): \(run.error)")
      }
    }
  }

  /// More than any git sends.
  @Test func refusesAnEndlessRequest() throws {
    let scratch = try Scratch()
    let run = try Run.program(
      "/bin/sh", ["-c", "yes list=1 | git-credential-lockwise get"], environment: scratch.environment)
    run.expectRefusal(1, "cannot read git's request", by: "git-credential-lockwise")
  }

  @Test(arguments: ["get", "store", "erase"]) func failsOnAClosedInput(verb: String) throws {
    let stage = try TestHome()
    try stage.signInAndPull()
    let vault = try stage.scratch.readVault()
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), [verb], input: .closed, environment: stage.scratch.environment)
    run.expectRefusal(1, "cannot read git's request", by: "git-credential-lockwise")
    // No file of the vault is opened as standard input.
    #expect(try stage.scratch.readVault()["vault.db-wal"] == vault["vault.db-wal"])
    #expect(try stage.scratch.readVault()["vault.db"] == vault["vault.db"])
  }
}
