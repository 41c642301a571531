import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// The documents name the Firefox that the tests ran.
  @Suite struct DocumentsTests {
    @Test(arguments: ["README.md", "docs/firefox.md"]) func nameTheFirefoxThatRan(document: String) throws {
      let version = try #require(try SharedInteropFixture.ofSuite().firefoxes.first?.version())
      let text = try String(contentsOf: Readme.root.appendingPathComponent(document), encoding: .utf8)
      let named = text.matches(of: /Firefox ESR (\d+)/).map { String($0.1) }
      #expect(!named.isEmpty && named.allSatisfy { version.hasPrefix($0 + ".") }, "\(version), not \(named)")
    }
  }
}

extension InteropTests {
  /// Runs the README's commands that need a Firefox, and compares its first picture with the output.
  @Suite(.serialized, .needsKeyring) struct ReadmeTests {
    /// A home with a Firefox that is signed in to the sandbox.
    private func makeHome() throws -> (home: ReadmeHome, firefox: FirefoxProcess) {
      let home = try ReadmeHome()
      let firefox = try FirefoxProcess.inUsualPlace(
        of: home.scratch, home: home.directory, server: home.sandbox.url)
      try firefox.start()
      try firefox.signIn()
      try firefox.sync()
      firefox.awaitFile(logins: 47)
      return (home, firefox)
    }

    @Test func theFirstPictureIsWhatIsShown() throws {
      let block = try Readme.picture("sign-in")
      let (home, firefox) = try makeHome()
      for command in block.commands {
        let shown = try home.run(command)
        #expect(shown == command.output, "\(command.text)")
      }
      let credentials = try home.home.server.takeCredentials()
      #expect(credentials == ["mcurie:ghp_webAndGit0123456789"])
      try firefox.stop()
    }

    @Test func otherCommandsThatNeedFirefox() throws {
      var commands: [Readme.Command] = []
      for command in try Readme().blocks.flatMap(\.commands) where command.needsFirefox {
        if !commands.contains(where: { $0.text == command.text }) { commands.append(command) }
      }
      let (home, firefox) = try makeHome()
      #expect(!commands.isEmpty)
      for command in commands {
        let prompts = ["New passphrase for the vault:", "The same passphrase again:"]
        let shown = try home.run(
          Readme.Command(text: command.text, output: home.scratch.hasVault ? [] : prompts))
        let end =
          command.isLocalLogin ? "46 logins from Firefox, profile default-esr" : "signed in as \(SandboxProcess.email)"
        #expect(shown.contains { $0.hasSuffix(end) }, "\(shown)")
      }
      try firefox.stop()
    }
  }
}
