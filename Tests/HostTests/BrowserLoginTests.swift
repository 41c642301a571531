import Foundation
import Testing

@testable import LockwiseHostSupport

/// The sign-in in a browser, which the test plays: the terminal, the exit status, and the tokens that are left.
@Suite final class BrowserLoginTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  /// The address that the program receives.
  enum Answer: Sendable {
    /// The address of the last page, or the user's version of it.
    case address(@Sendable (String) -> String)
    /// The page is cancelled.
    case cancelled
  }

  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: Answer
    var switches: [String: String] = [:]
    var lifetime: Int?
    var noPassword = false
    /// The right address follows the first input.
    var again = false
    let status: Int32
    let words: [String]

    init(
      _ name: String, _ answer: Answer = .address { $0 }, keys: String? = nil, lifetime: Int? = nil,
      noPassword: Bool = false, again: Bool = false, _ status: Int32, _ words: String...
    ) {
      testDescription = name
      self.answer = answer
      if let keys { switches = ["oauth.keys": keys] }
      self.lifetime = lifetime
      self.noPassword = noPassword
      self.again = again
      self.status = status
      self.words = words
    }
  }

  private static func code(_ address: String) -> String {
    address.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix("code=") }?.dropFirst(5)
      .description ?? ""
  }

  static let ways: [Way] = [
    Way("address", .address { $0 }, 0, "signed in as \(SandboxProcess.email)\r\n", "sign in on this page:"),
    Way("address in quotes with a fragment", .address { " \"\($0)#x\" " }, 0, "signed in as"),
    Way("bare code", .address { code($0) }, 0, "signed in as"),
    Way("nonsense first", .address { _ in "what?" }, again: true, 0, "neither the address of the last page nor a code"),
    Way(
      "wrong state first", .address { $0.replacing("state=", with: "state=x") }, again: true, 0,
      "that address belongs to another sign-in"),
    Way(
      "unfinished page first", .address { String($0.split(separator: "?")[0]) }, again: true, 0,
      "that address has no code in it"),
    Way(
      "another code", .address { _ in String(repeating: "0", count: 64) }, 5,
      "the sign-in in the browser is no longer valid",
      "start again: lockwise-sync login --browser"),
    Way(
      "expired code", lifetime: 0, 5, "the sign-in in the browser is no longer valid",
      "start again: lockwise-sync login --browser"),
    Way("declined", .cancelled, 5, "the sign-in was declined in the browser", "start again"),
    Way("no keys", keys: "missing", 5, "the sign-in returned no Sync key", "create one in its settings"),
    Way("no password", noPassword: true, 5, "the sign-in returned no Sync key"),
    Way("tampered keys", keys: "tampered", 5, "keys are damaged"),
    Way("keys for another", keys: "wrong-recipient", 5, "keys are damaged"),
    Way("keys that nobody asked for", keys: "extra-scope", 5, "keys are damaged"),
  ]

  @Test(arguments: ways) func signsInAtATerminal(_ way: Way) throws {
    if !way.switches.isEmpty { try stage.sandbox.set(way.switches) }
    if let lifetime = way.lifetime { try stage.sandbox.set(["oauth.code-lifetime": lifetime]) }
    if way.noPassword { try stage.sandbox.account(["email": SandboxProcess.email, "hasPassword": false]) }
    let terminal = try login("--no-browser")
    let page = try PageClient(address: try address(shownBy: terminal), port: stage.sandbox.control.port)
    try terminal.expect("Address or code: ")
    switch way.answer {
    case .cancelled: terminal.enter(try page.cancel())
    case .address(let change):
      let end = try page.signIn()
      terminal.enter(change(end))
      if way.again {
        try terminal.expect("Address or code: ")
        terminal.enter(end)
      }
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == way.status && outcome.isRestored, "\(outcome.shown)")
    for word in way.words { #expect(outcome.shown.contains(word), "\(word) is not in: \(outcome.shown)") }
    try stage.expectLeft(isSignedIn: way.status == 0, scopes: ["profile:email"])
    if way.status == 0 { try stage.sync("pull").expectSuccess() }
  }

  @Test func refusesAReusedCode() throws {
    let terminal = try login("--no-browser")
    let page = try PageClient(address: try address(shownBy: terminal), port: stage.sandbox.control.port)
    let end = try page.signIn()
    try terminal.expect("Address or code: ")
    terminal.enter(end)
    #expect(try terminal.finish().status == 0)
    let other = try login("--no-browser", again: true)
    _ = try address(shownBy: other)
    try other.expect("Address or code: ")
    other.enter(Self.code(end))
    let outcome = try other.finish()
    #expect(
      outcome.status == 5 && outcome.shown.contains("the sign-in in the browser is no longer valid"),
      "\(outcome.shown)")
    try stage.expectLeft(isSignedIn: true, scopes: ["profile:email"])
  }

  @Test func endsWhenTheUserCancels() throws {
    let terminal = try login("--no-browser")
    try terminal.expect("Address or code: ")
    terminal.send("\u{3}")
    #expect(try terminal.finish().status == 130)
    try stage.expectLeft(isSignedIn: false)
  }

  @Test func readsTheAddressOnStandardInput() throws {
    let run = try stage.sync(
      "login", "--server", stage.sandbox.url, "--browser", "--no-browser", "--answer-stdin", "--key-file",
      stage.scratch.keyFile, input: .text("nonsense\n"))
    #expect(run.ending == .exited(64) && run.error.contains("neither the address of the last page nor a code"))
    try stage.expectLeft(isSignedIn: false)
  }

  @Test func acceptsALoopbackRedirect() throws {
    let terminal = try login("--no-browser", "--redirect-uri", "http://127.0.0.1:0/signed-in")
    let page = try PageClient(address: try address(shownBy: terminal), port: stage.sandbox.control.port)
    let end = try page.signIn()
    let port = try #require(URL(string: end)?.port.flatMap { UInt16(exactly: $0) })
    let parts = try #require(end.range(of: "/signed-in"))
    let receiver = ControlClient(port: port)
    #expect(throws: (any Error).self) { try receiver.send("GET", "/favicon.ico") }
    #expect(throws: (any Error).self) {
      try receiver.send("GET", "/signed-in?code=\(String(repeating: "0", count: 64))&state=x")
    }
    let shown = String(decoding: try receiver.send("GET", String(end[parts.lowerBound...])), as: UTF8.self)
    #expect(shown.contains("You can close this window"))
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    try stage.expectLeft(isSignedIn: true, scopes: ["profile:email"])
  }

  @Test func endsWhenInterrupted() throws {
    let terminal = try login("--no-browser", "--redirect-uri", "http://127.0.0.1:0/")
    _ = try address(shownBy: terminal)
    kill(try #require(terminal.program), SIGTERM)
    let outcome = try terminal.finish()
    #expect(outcome.status == 130 && outcome.shown.contains("cancelled"), "\(outcome.shown)")
    try stage.expectLeft(isSignedIn: false)
  }

  @Test("The browser opens the page, and its arguments have no data of the sign-in")
  func opensTheBrowserWithoutSecrets() throws {
    let log = stage.scratch.root + "/opened"
    let browser = stage.scratch.root + "/browser"
    try stage.scratch.write("#!/bin/sh\nprintf '%s\\n' \"$1\" >'\(log)'\n", to: browser)
    stage.scratch.environment.merge(["BROWSER": browser, "DISPLAY": ":99"]) { $1 }
    let terminal = try login()
    let shown = try address(shownBy: terminal)
    try terminal.expect("Address or code: ")
    var opened = ""
    #expect(
      Deadline(seconds: 10).await {
        opened = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return opened.hasSuffix("\n")
      })
    let address = try #require(opened.wholeMatch(of: /http:\/\/127\.0\.0\.1:(\d+)(\/[0-9a-f]{32})\n/))
    let port = try #require(UInt16(address.output.1))
    let answer = try ControlClient(port: port).answer("GET", String(address.output.2), form: "")
    #expect(answer.hasPrefix("HTTP/1.1 303 "))
    #expect(answer.contains("\r\nLocation: \(shown)\r\n"))
    // Only while the program waits.
    terminal.send("\u{3}")
    _ = try terminal.finish()
    #expect(throws: (any Error).self) {
      try ControlClient(port: port).answer("GET", String(address.output.2), form: "")
    }
  }

  @Test("A sign-in to another account than the requested one is refused and revoked")
  func refusesAnotherAccount() throws {
    try stage.sandbox.account(["create": "eve@example.org", "password": "of another"])
    let terminal = try login("--no-browser", SandboxProcess.email)
    let page = try PageClient(address: try address(shownBy: terminal), port: stage.sandbox.control.port)
    try terminal.expect("Address or code: ")
    terminal.enter(try page.signIn(email: "eve@example.org", password: "of another"))
    let outcome = try terminal.finish()
    #expect(outcome.status == 5 && outcome.shown.contains("the browser signed in as eve@example.org, not as "))
    try stage.expectLeft(isSignedIn: false)
  }

  @Test(
    "A refused client id and servers without /verify or /oauth/client are tolerated",
    arguments: [
      (["oauth.clients": ["3c49430b43dfba77": "disabled"]], "a2270f727f45f648", "Firefox for Android"),
      (["oauth.clients": ["3c49430b43dfba77": "unknown"]], "a2270f727f45f648", "Firefox for Android"),
      (["oauth.clients": [String: String]()], "3c49430b43dfba77", "Reference Browser"),
    ])
  func worksWithoutOptionalRoutes(switches: [String: [String: String]], clientID: String, app: String) throws {
    try stage.sandbox.set(switches)
    try stage.sandbox.set(["oauth.verify": false, "oauth.describe-clients": clientID == "a2270f727f45f648"])
    let terminal = try login("--no-browser")
    let shown = try address(shownBy: terminal)
    #expect(shown.contains("client_id=\(clientID)"))
    let page = try PageClient(address: shown, port: stage.sandbox.control.port)
    try terminal.expect("Address or code: ")
    terminal.enter(try page.signIn())
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    #expect(outcome.shown.contains("new sign-in to \(app)"))
    try stage.expectLeft(isSignedIn: true, scopes: ["profile:email"])
  }

  // MARK: Steps

  private func login(_ options: String..., again: Bool = false) throws -> PseudoTerminal {
    let vault = again ? [] : ["--key-file", stage.scratch.keyFile]
    return try PseudoTerminal(
      Executables.path("lockwise-sync"), ["login", "--server", stage.sandbox.url, "--browser"] + vault + options,
      environment: stage.scratch.environment)
  }

  /// The address of the page, alone on a line.
  private func address(shownBy terminal: PseudoTerminal) throws -> String {
    try terminal.expect("sign in on this page:")
    try terminal.expect("&redirect_uri=")
    try terminal.expect("\r\n")
    let line = terminal.shown.split(whereSeparator: \.isNewline).first { $0.contains("/authorization?") }
    return String(try #require(line))
  }
}
