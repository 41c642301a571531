import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests {
  /// The Firefox of the tests with the sandbox alone.
  @Suite(.serialized) struct FirefoxItselfTests {
    @Test func signsInSyncsAndStaysSignedIn() throws {
      let scratch = try Scratch()
      let sandbox = try SandboxProcess(environment: scratch.environment)
      let firefox = try FirefoxProcess(in: scratch.root, server: sandbox.url)
      try firefox.start()
      try firefox.signIn()
      try firefox.sync()
      let fixture = Set(try ExpectedLogin.all().map { "\($0.origin) \($0.username) \($0.password)" })
      #expect(Set(try firefox.logins().map { "\($0.origin) \($0.username) \($0.password)" }) == fixture)

      let own = FirefoxProcess.SavedLogin(
        origin: "https://git.example.org", realm: "git", username: "irene", password: "radium & polonium 1934")
      try firefox.addLogin(own)
      try firefox.stop()
      #expect(!firefox.isRunning)
      try firefox.start()
      try firefox.sync()
      #expect(try firefox.logins().contains(own))
      #expect(try sandbox.requests().contains { $0.method == "POST" && $0.path.contains("/storage/passwords") })

      try firefox.navigate(to: sandbox.url + "/.well-known/fxa-client-configuration")
      #expect(try firefox.executeScript("return document.documentElement.textContent") as? String != "")
      #expect(try firefox.currentURL().hasPrefix(sandbox.url))
      try firefox.stop()
      for request in try sandbox.requests() {
        #expect(request.notes == [], "\(request)")
        #expect(request.status.map { (200..<400).contains($0) || $0 == 404 } == true, "\(request)")
      }
    }
  }
}
