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
      let root = home.directory + "/.mozilla/firefox"
      let firefox = try FirefoxProcess(
        in: home.scratch.root, server: home.sandbox.url, profile: root + "/k1x.default-esr")
      let profiles = "[Profile0]\nName=default-esr\nIsRelative=1\nPath=k1x.default-esr\nDefault=1\n"
      try home.scratch.write(profiles, to: root + "/profiles.ini")
      try firefox.start()
      try firefox.signIn()
      try firefox.sync()
      // Firefox writes its logins one or two seconds after a change (JSONFile.sys.mjs), and its own login among them.
      let saved = Deadline(seconds: 30).await {
        let data = FileManager.default.contents(atPath: firefox.profile + "/logins.json") ?? Data()
        let file = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        return (file?["logins"] as? [Any] ?? []).count > 46
      }
      #expect(saved)
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
