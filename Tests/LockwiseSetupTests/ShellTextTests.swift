import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

@Suite struct ShellTextTests {
  private static let words = [
    "/usr/bin/lockwise-askpass", "/home/marie curie/bin", "it's", "a\\b", "$HOME", "", "~", "é", "a\"b", "*", "'\\'",
  ]
  private static let shells: [(path: String, syntax: ShellSyntax)] = [
    ("/bin/sh", .posix), ("/usr/bin/zsh", .posix), ("/usr/bin/fish", .fish),
  ].filter { FileManager.default.isExecutableFile(atPath: $0.path) }

  private static func run(_ shell: String, _ script: String) throws -> String {
    // fish would create folders in a home.
    let environment = ["PATH": "/usr/bin:/bin", "HOME": "/dev/null", "LC_ALL": "C.UTF-8"]
    let ended = try TestProcess.run([shell, "-c", script], environment: environment)
    return String(decoding: ended.output, as: UTF8.self)
  }

  @Test(arguments: words) func isOneWordForEachShell(word: String) throws {
    #expect(!Self.shells.isEmpty)
    for shell in Self.shells {
      let script = "printf '<%s>' " + ShellText.quoted(word, shell.syntax)
      #expect(try Self.run(shell.path, script) == "<\(word)>", "\(shell.path): \(script)")
    }
  }

  @Test(arguments: [("/bin/sh", "1"), ("/nowhere/program", "")])
  func setsVariablesIfTheProgramIsThere(program: String, value: String) throws {
    for shell in Self.shells {
      let lines = ShellText.exports(
        [(name: "FIRST", value: "1"), (name: "SECOND", value: "it's")], if: program, shell.syntax)
      let script = lines.joined(separator: "\n") + "\nprintenv FIRST SECOND"
      #expect(try Self.run(shell.path, script) == (value.isEmpty ? "" : "1\nit's\n"), "\(shell.path)")
    }
  }

  @Test(arguments: [
    ("export SSH_ASKPASS=/a/b\n", ["/a/b"]),
    ("SSH_ASKPASS='/a/b'; export SSH_ASKPASS", ["/a/b", "export", "SSH_ASKPASS"]),
    ("  set -gx SSH_ASKPASS /a/b\r\n", ["/a/b"]), ("# export SSH_ASKPASS=/a/b\n", []),
    ("export SSH_ASKPASS_REQUIRE=force\n", []), ("export MY_SSH_ASKPASS=/a\n", []),
    ("export A=1\nexport SSH_ASKPASS=\"/a/b\"\n", ["/a/b"]), ("", []),
  ])
  func findsTheValuesOfAVariable(text: String, values: [String]) {
    #expect(ShellText.values(of: "SSH_ASKPASS", in: SecretBytes(utf8: text)) == values)
  }
}
