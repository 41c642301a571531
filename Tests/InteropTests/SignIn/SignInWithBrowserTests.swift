import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests {
  /// The sign-in in a real browser, from the printed address to a finished pull.
  @Suite(.serialized) final class SignInWithBrowserTests {
    let stage: TestHome
    let firefox: FirefoxProcess

    init() throws {
      stage = try TestHome()
      firefox = try FirefoxProcess(
        in: stage.scratch.root, profile: (stage.scratch.environment["HOME"] ?? "") + "/.mozilla/firefox/test.default")
      try stage.scratch.write(
        "[Profile0]\nName=test\nIsRelative=1\nPath=test.default\n",
        to: (stage.scratch.environment["HOME"] ?? "") + "/.mozilla/firefox/profiles.ini")
      try firefox.start()
    }

    private func begin(_ options: String...) throws -> PseudoTerminal {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"),
        ["login", "--server", stage.sandbox.url, "--browser", "--no-browser", "--key-file", stage.scratch.keyFile]
          + options,
        environment: stage.scratch.environment)
      try terminal.expect("sign in on this page:")
      try terminal.expect("&redirect_uri=")
      try terminal.expect("\r\n")
      let line = terminal.shown.split(whereSeparator: \.isNewline).first { $0.contains("/authorization?") }
      try firefox.navigate(to: String(try #require(line)))
      try firefox.type(SandboxProcess.email, into: "input[name=email]")
      try firefox.type("wrong", into: "input[name=password]")
      try firefox.click("#submit")
      #expect(try firefox.pageText().contains("Incorrect password"))
      try firefox.type(SandboxProcess.password, into: "input[name=password]")
      try firefox.click("#submit")
      return terminal
    }

    private func expectSignedIn(_ terminal: PseudoTerminal) throws {
      let outcome = try terminal.finish()
      #expect(outcome.status == 0 && outcome.shown.contains("signed in as \(SandboxProcess.email)"), "\(outcome.shown)")
      #expect(!outcome.shown.contains(SandboxProcess.password))
      try stage.expectLeft(isSignedIn: true, scopes: ["profile:email"])
      try stage.sync("pull").expectSuccess()
      #expect(try stage.status()["logins"] as? Int ?? 0 > 0)
    }

    @Test func pastedAddress() throws {
      let terminal = try begin()
      let end = try firefox.awaitURL(containing: "/oauth/success/3c49430b43dfba77?")
      #expect(try firefox.pageText().contains("signed in"))
      terminal.enter(end)
      try expectSignedIn(terminal)
    }

    @Test func loopbackRedirect() throws {
      let terminal = try begin("--redirect-uri", "http://127.0.0.1:0/signed-in")
      _ = try firefox.awaitURL(containing: "/signed-in?")
      #expect(try firefox.pageText().contains("You can close this window"))
      try expectSignedIn(terminal)
    }

    @Test func watchedHistory() throws {
      let terminal = try begin("--watch-firefox")
      _ = try firefox.awaitURL(containing: "/oauth/success/")
      try expectSignedIn(terminal)
    }
  }
}
