import Foundation
import Testing

@testable import LockwiseHostSupport

/// The commands of `docs/recipes.md` for other password managers.
@Suite struct TransferRecipeTests {
  /// The fixtures of the files that the commands name, in their order; `nil` for one that another test makes.
  private static let fixtures: [(file: String, fixture: String?)] = [
    ("logins.csv", "firefox.csv"), ("Chrome Passwords.csv", "chrome.csv"), ("bitwarden_export.json", "bitwarden.json"),
    ("bitwarden_export.csv", "bitwarden.csv"), ("keepassxc.csv", "keepassxc.csv"), ("1password.1pux", nil),
    ("1password.csv", "1password.csv"), ("Passwords.csv", "apple.csv"), (".password-store", nil),
    (".git-credentials", "git-credentials"), (".netrc", "netrc"),
  ]

  private static func commands() throws -> [String] {
    let text = try String(contentsOf: Readme.root.appendingPathComponent("docs/recipes.md"), encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("lockwise-sync import ") }
      .map { String($0.split(separator: "#")[0]).trimmingCharacters(in: .whitespaces) }
  }

  @Test func everyCommandImports() throws {
    let commands = try Self.commands()
    #expect(commands.count == Self.fixtures.count)
    for (command, (file, fixture)) in zip(commands, Self.fixtures) {
      #expect(command.contains(file), "\(command)")
      guard let fixture else { continue }
      let home = try TransferHome()
      let folder = home.scratch.environment["HOME", default: ""]
      try FileManager.default.copyItem(atPath: TransferHome.fixture(fixture), toPath: "\(folder)/\(file)")
      let run = try Run.program("/bin/sh", ["-c", command + " --yes"], environment: home.scratch.environment)
      #expect(run.expectSuccess().output.contains("logins imported"), "\(command): \(run.error)")
    }
  }

  /// Other managers write tens of thousands of lines at most.
  @Test func importsAHundredThousandLines() throws {
    let home = try TransferHome()
    let path = try home.file("logins.csv", TransferHome.chrome(100_000))
    let run = try Run.program(
      "/usr/bin/time", ["-f", "%M", Executables.path("lockwise-sync"), "import", "--yes", path],
      environment: home.scratch.environment, timeout: 600)
    #expect(run.expectSuccess().lines.last == "100000 logins imported", "\(run.error)")
    let kilobytes = try #require(run.errorLines.last.flatMap { Int($0) })
    #expect(kilobytes < 500_000, "\(kilobytes) KiB")
    #expect(try home.scratch.openVault().loginCount() == 100_000)
    let export = try home.sync("export", "--yes", "-o", home.scratch.root + "/out.csv").expectSuccess()
    #expect(export.error.contains("100000 logins written"))
  }
}
