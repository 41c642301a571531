import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

/// The start file is the one that the login shell reads.
@Suite struct ShellStartFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ shell: String, _ variables: [String: String] = [:]) -> String? {
    let file = ShellStartFile(
      of: shell, home: folder.path, configurationFolder: folder.path + "/.config", environment: Environment(variables))
    return file.map { String($0.path.dropFirst(folder.path.count)) + ($0.syntax == .fish ? " (fish)" : "") }
  }

  @Test(arguments: [
    ([], "/.profile"), ([".profile"], "/.profile"), ([".profile", ".bash_login"], "/.bash_login"),
    ([".profile", ".bash_login", ".bash_profile"], "/.bash_profile"), ([".bashrc"], "/.profile"),
  ])
  func bashReadsTheFirstOfThree(files: [String], expected: String) throws {
    for file in files { try folder.write(file) }
    #expect(path("/bin/bash") == expected)
    #expect(path("-bash") == expected)
    #expect(path("/bin/dash") == "/.profile")
  }

  @Test func otherShellsHaveTheirOwn() {
    #expect(path("/usr/bin/zsh") == "/.zprofile")
    #expect(path("/usr/bin/zsh", ["ZDOTDIR": folder.path + "/z"]) == "/z/.zprofile")
    #expect(path("/usr/bin/zsh", ["ZDOTDIR": "z"]) == "/.zprofile")
    #expect(path("/usr/bin/fish") == "/.config/fish/conf.d/lockwise.fish (fish)")
    #expect(path("/bin/sh") == "/.profile")
    #expect(path("/usr/bin/tcsh") == nil)
    #expect(path("/usr/sbin/nologin") == nil)
    #expect(path("") == nil)
  }

  @Test func theLoginShellIsThatOfTheEnvironment() {
    #expect(ShellStartFile.loginShell(Environment(["SHELL": "/x/fish"])) == "/x/fish")
    #expect(ShellStartFile.loginShell(Environment([:])).hasPrefix("/"))
  }
}
