import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Requests in every form, including forms that git never sends.
@Suite final class RequestTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  private func get(_ input: Input) throws -> Run {
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), ["get"], input: input, environment: stage.scratch.environment)
    run.expectWellFormedErrors(by: "git-credential-lockwise")
    return run
  }

  private func expectAnswer(_ request: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try get(.text(request))
    #expect(run.password == "ghp_webAndGit0123456789", "\(run.error)", sourceLocation: sourceLocation)
    #expect(run.ending == .exited(0), sourceLocation: sourceLocation)
  }

  @Test func ignoresRequestsWithoutAHost() throws {
    let inputs: [Input] = [
      .none, .text(""), .text("\n"), .text("\n\n\n"), .text("protocol=https\n"), .text("host=github.com\n"),
      .text("username=mcurie\n\n"), .text("\nprotocol=https\nhost=github.com\n"),
      .text("protocol=cert\nhost=\npath=/x\n"),
      .text("protocol=file\nhost=\n"), .text("=\n"), .text("=https\n=github.com\n"),
    ]
    for input in inputs {
      let run = try get(input)
      #expect(run.ending == .exited(0), "\(input)")
      #expect(run.outputBytes.isEmpty && run.error.isEmpty, "\(input): \(run.error)")
    }
  }

  @Test func failsOnAClosedInput() throws {
    for operation in ["get", "store", "erase"] {
      let run = try Run.program(
        Executables.path("git-credential-lockwise"), [operation], input: .closed, environment: stage.scratch.environment
      )
      #expect(run.ending == .exited(1))
      #expect(run.outputBytes.isEmpty)
      #expect(run.error.contains("cannot read git's request"))
    }
  }

  @Test func acceptsARequestWithoutAnEmptyLine() throws {
    try expectAnswer("protocol=https\nhost=github.com")
    try expectAnswer("protocol=https\nhost=github.com\n")
    try expectAnswer("protocol=https\nhost=github.com\n\nwhatever comes behind is not read\0\r")
  }

  @Test func refusesAnIncompleteRequest() throws {
    for request in ["protocol=https\nhost=github.co", "protocol=https\nho", "protocol=https\nhost"] {
      #expect(try get(.text(request)).outputBytes.isEmpty)
    }
  }

  @Test func ignoresUnknownAttributes() throws {
    try expectAnswer(
      "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=github.com\npath=a/b\nephemeral=1\n"
        + "state[]=x\nwwwauth[]=\nquit=0\npassword_expiry_utc=1\noauth_refresh_token=x\nnew attribute=ä=ö\n\n")
    try expectAnswer("x\u{1}y\r=z\nprotocol=https\nhost=github.com\n")
    try expectAnswer("password=half\r\0\nprotocol=https\nhost=github.com\n")
  }

  @Test func readsLongRequests() throws {
    let long = String(repeating: "x", count: 1 << 20)
    try expectAnswer("path=\(long)\nprotocol=https\nhost=github.com\n")
    try expectAnswer("\(long)=\(long)\nprotocol=https\nhost=github.com\n")
    try expectAnswer("wwwauth[]=Basic realm=\"\(long)\"\nprotocol=https\nhost=github.com\n")
    let many = String(repeating: "wwwauth[]=Basic realm=\"x\"\nignored=y\n", count: 50_000)
    try expectAnswer("\(many)protocol=https\nhost=github.com\n")
    for request in ["protocol=https\nhost=\(long)\n", "protocol=\(long)\nhost=github.com\n", "url=https://\(long)\n"] {
      let run = try get(.text(request))
      #expect(run.ending == .exited(0))
      #expect(run.outputBytes.isEmpty)
    }
    let username = try get(.text("protocol=https\nhost=github.com\nusername=\(long)\n"))
    #expect(username.outputBytes.isEmpty && username.ending == .exited(0))
  }

  @Test func refusesATooLongRequest() throws {
    let run = try get(.bytes(Array(repeating: UInt8(ascii: "x"), count: 17 << 20)))
    #expect(run.ending == .exited(1))
    #expect(run.outputBytes.isEmpty)
    #expect(run.error.contains("cannot read git's request"))
  }

  @Test func parsesTheRealmByTheRulesOfHTTP() throws {
    try stage.sandbox.put(
      ["Alpha", "Be\"ta", "Gamma"].map { realm in
        LoginJSON(
          "realm\(realm.count)\(realm.first ?? "x")00000", origin: "https://realms.example", realm: realm,
          password: "of \(realm)"
        ).object
      })
    try stage.sync("pull").expectSuccess()
    let challenges = [
      ("Basic realm=\"Alpha\"", "of Alpha"), ("basic REALM=Alpha, charset=\"UTF-8\"", "of Alpha"),
      ("Digest qop=\"auth\", realm = \"Gamma\", nonce=\"realm=\\\"Alpha\\\"\"", "of Gamma"),
      ("Basic realm=\"Be\\\"ta\"", "of Be\"ta"), ("Negotiate, Basic realm=\"Gamma\"", "of Gamma"),
      ("Bearer x-realm=\"Alpha\", realm=\"Gamma\"", "of Gamma"),
    ]
    for (challenge, password) in challenges {
      let request = "protocol=https\nhost=realms.example\nwwwauth[]=\(challenge)\n"
      #expect(try get(.text(request)).password == password, "\(challenge)")
    }
    // An empty value clears the list.
    let anew =
      "protocol=https\nhost=realms.example\nwwwauth[]=Basic realm=\"Alpha\"\nwwwauth[]=\nwwwauth[]=Basic realm=\"Gamma\"\n"
    #expect(try get(.text(anew)).password == "of Gamma")
    for broken in ["Basic realm=", "realm", "Basic realm=\"", "Basic realm=\"Alpha", "\"\\", "=", ",,,", "\u{0}\u{1}"] {
      let run = try get(.text("protocol=https\nhost=realms.example\nwwwauth[]=\(broken)\n"))
      #expect(run.ending == .exited(0))
      #expect(run.password?.hasPrefix("of ") == true, "\(broken)")
    }
  }
}
