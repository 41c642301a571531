import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The names by which the program is called: as an extension of Debian's pass, by a link, with commands of others.
@Suite final class PassExtensionTests {
  private let home: PassHome

  init() throws {
    home = try PassHome()
    try home.pass("insert", "-m", "Email/work", input: .text("secret\nnote\n")).expectSuccess()
  }

  @Test func runsAsAnExtensionOfPass() throws {
    let store = try PasswordStore()
    let folder = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("contrib/pass-extension").path
    let variables = [
      "PASSWORD_STORE_ENABLE_EXTENSIONS": "true", "PASSWORD_STORE_EXTENSIONS_DIR": folder,
      "PATH": home.environment["PATH"] ?? "", "LOCKWISE_HOME": home.scratch.vault, "LOCKWISE_PULL_INTERVAL": "0",
    ]
    let shown = try Run.program(
      Executables.ofSystem("pass"), ["lockwise", "show", "Email/work"],
      environment: store.environment.merging(variables) { $1 }
    ).expectSuccess()
    #expect(shown.output == "secret\nnote\n")
    let usage = try Run.program(
      Executables.ofSystem("pass"), ["lockwise", "show", "-x"],
      environment: store.environment.merging(variables) { $1 })
    #expect(usage.status == 64)
    #expect(usage.errorLines.first == "pass lockwise: invalid option -- 'x'")
    #expect(usage.errorLines.last?.hasPrefix("Usage: pass lockwise show [--clip") == true)
  }

  /// A program of the current folder is never a command, and neither is a name with a slash.
  @Test func runsProgramsOfThePathOnly() throws {
    let script = "#!/bin/sh\necho \"$0|$*\"\n"
    let folder = home.scratch.root + "/tools"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try home.scratch.write(script, to: folder + "/lockwise-pass-greet")
    let run = try home.pass(["greet", "a b", "-c"], with: ["PATH": folder + ":/usr/bin:/bin"])
    #expect(run.output == "\(folder)/lockwise-pass-greet|a b -c\n")
    let relative = try Run.program(
      "/bin/sh", ["-c", "cd \"$1\" && PATH=.:tools:/usr/bin:/bin exec \"$2\" greet", "sh", folder, home.bin + "/pass"],
      environment: home.environment)
    #expect(relative.status == 1)
    #expect(relative.error == "Error: greet is not in the password store.\n")
    let slash = try home.pass(["../tools/lockwise-pass-greet"], with: ["PATH": folder + ":/usr/bin:/bin"])
    #expect(slash.status == 1 && slash.output == "")
  }

  /// An argument that is not UTF-8 is refused: Swift would repair it, and another entry would be meant.
  @Test func refusesArgumentsThatAreNotUTF8() throws {
    let run = try Run.program(
      "/bin/sh", ["-c", "exec \"$1\" show \"$(printf 'a\\377')\"", "sh", home.bin + "/pass"],
      environment: home.environment)
    run.expectRefusal(64, "the arguments are not UTF-8", by: "pass")
    let replacement = try home.pass("show", "a\u{FFFD}")
    #expect(replacement.error == "Error: a\u{FFFD} is not in the password store.\n")
  }

  /// A reader that leaves early is not an error worth a message.
  @Test func endsSilentlyIfNobodyReads() throws {
    let run = try Run.program(
      "/bin/bash", ["-c", "\"$1\" show Email/work | true", "bash", home.bin + "/pass"], environment: home.environment)
    #expect(run.status == 0 && run.error == "")
  }
}
