import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The variables that a command gets.
@Suite final class EnvRunValueTests {
  /// Passwords that a shell, a format or a careless program would change.
  private static let awkward = [
    "'", "\"", "`id`", "$HOME ${PATH} $(id)", "back\\slash\\", "\nboth ends\n", "\r\n", "\t\u{1}\u{1B}[31m\u{7F}",
    " blanks ", "-n", "--", "# no comment", "a=b", "!!", "* ? [a]", "\u{2028}\u{85}\u{FEFF}", "☢ 🔑",
    "lockwise://a.example/alice", "{{ lockwise://a.example/alice }}", "%41%",
    String(repeating: "100 KB ", count: 14_000),
  ]

  private let home: EnvHome

  init() throws {
    home = try EnvHome(
      [EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226")]
        + Self.awkward.enumerated().map {
          EnvHome.Login(origin: "https://awkward.example", username: "\($0)", password: $1)
        })
  }

  /// The variables of a command, with duplicates.
  private func variables(_ arguments: [String], with variables: [String: String] = [:]) throws -> [String] {
    let run = try home.env(["run"] + arguments + ["env", "-0"], with: variables).expectSuccess()
    return run.output.split(separator: "\0").map(String.init)
  }

  @Test func givesEveryByteOfAPassword() throws {
    let numbers = Self.awkward.indices
    let given = try variables(numbers.map { "V\($0)=lockwise://awkward.example/\($0)" })
    for number in numbers { #expect(given.contains("V\(number)=\(Self.awkward[number])")) }
    let before = home.environment.map { "\($0)=\($1)" }
    #expect(given.count == before.count + numbers.count)
    #expect(before.filter { !given.contains($0) } == [])
  }

  @Test func prefersArgumentsToFilesToTheEnvironment() throws {
    let first = try home.write("A=first\nB=first\nC=first # comment\nexport E='lit'\n", to: "first")
    let second = try home.write("B=second\nC={{ lockwise://a.example/alice }}!\n", to: "second")
    let given = try variables(
      ["-f", first, "--from=\(second)", "C=argument", "D=lockwise://a.example/alice/username"],
      with: ["A": "inherited", "B": "inherited", "F": "inherited"])
    for variable in ["A=first", "B=second", "C=argument", "D=alice", "E=lit", "F=inherited"] {
      #expect(given.filter { $0.hasPrefix(variable.prefix(2)) } == [variable])
    }
  }

  @Test func readsReferencesFromStandardInput() throws {
    let run = try home.env(
      "run", "-f", "-", "sh", "-c", "echo \"$A\"; cat", input: .text("A=lockwise://a.example/alice\n"))
    #expect(run.expectSuccess().output == "radium 226\n")
  }

  @Test func keepsLittleOfACleanEnvironment() throws {
    let given = try variables(
      ["--clean", "A=lockwise://a.example/alice"],
      with: ["LC_TIME": "C", "LANG": "C", "USER": "marie", "TERM": "dumb", "LC": "x", "PATHS": "x", "TERMINFO": "x"])
    let names = given.compactMap { $0.split(separator: "=").first.map(String.init) }.sorted()
    #expect(names == ["A", "HOME", "LANG", "LC_ALL", "LC_TIME", "PATH", "TERM", "USER"])
  }

  @Test func resolvesInheritedReferencesOnlyIfAsked() throws {
    let inherited = ["A": "lockwise://a.example/alice", "B": "x lockwise://a.example/alice", "C": "lockwise://gone"]
    let asIs = try home.env("run", "sh", "-c", "echo \"$A\"", with: inherited).expectSuccess()
    #expect(asIs.output == inherited["A"]! + "\n")
    #expect(
      asIs.errorLines == [
        "lockwise-env: hint: to resolve the references in inherited variables: lockwise-env run --inherited"
      ])
    let missing = try home.env("run", "--inherited", "true", with: inherited)
    missing.expectRefusal(125, "C", "gone", by: "lockwise-env")
    // A variable that is given replaces the inherited one.
    let resolved = try home.env(
      "run", "--inherited", "C=given", "sh", "-c", "echo \"$A,$B,$C\"", with: inherited
    ).expectSuccess()
    #expect(resolved.output == "radium 226,x lockwise://a.example/alice,given\n" && resolved.error.isEmpty)
    // With a reference to resolve, the user knows what references are.
    #expect(try home.env("run", "D=lockwise://a.example/alice", "true", with: inherited).expectSuccess().error.isEmpty)
    let clean = try home.env(
      "run", "--clean", "--inherited", "C=", "sh", "-c", "echo \"$A,$B\"", with: inherited
    ).expectSuccess()
    #expect(clean.output == "radium 226,\n")
  }

  /// Linux would start no program with such a variable.
  @Test func refusesAVariableThatIsTooLong() throws {
    let longest = 131_071 - "BIG=".utf8.count
    let fits = try home.write("BIG=" + String(repeating: "x", count: longest) + "\n", to: "fits")
    #expect(try home.env("run", "-f", fits, "sh", "-c", "echo ${#BIG}").expectSuccess().output == "\(longest)\n")
    let long = try home.write("BIG=" + String(repeating: "x", count: longest + 1) + "\n", to: "long")
    try home.env("run", "-f", long, "touch", home.scratch.root + "/started").expectRefusal(
      125, "BIG", by: "lockwise-env")
    #expect(access(home.scratch.root + "/started", F_OK) != 0)
  }

  @Test func setsNothingIfOneIsMissing() throws {
    let run = try home.env(
      "run", "A=lockwise://a.example/alice", "B=lockwise://b.example", "C=lockwise://a.example/bob", "--file",
      "D=lockwise://d.example", "--stdin", "e.example", "touch", home.scratch.root + "/started")
    run.expectRefusal(125, "B", "b.example", "C", "bob", "D", "d.example", "e.example", by: "lockwise-env")
    #expect(!run.error.contains("radium"))
    #expect(access(home.scratch.root + "/started", F_OK) != 0)
  }

  @Test func opensNoVaultForLiterals() throws {
    try FileManager.default.removeItem(atPath: home.scratch.vault)
    #expect(try home.env("run", "A=1", "sh", "-c", "echo $A").expectSuccess().output == "1\n")
    #expect(!home.scratch.hasVault)
  }

  @Test func startsNothingIfTheVaultIsLocked() throws {
    let locked = try EnvHome(
      [EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226")], passphrase: "polonium 84"
    )
    for variables in [["LOCKWISE_NO_PROMPT": "1"], [:]] {
      let run = try locked.env(
        "run", "A=lockwise://a.example/alice", "touch", locked.scratch.root + "/started", with: variables)
      run.expectRefusal(125, "the vault is locked", by: "lockwise-env")
      #expect(run.errorLines.count == 1)
    }
    #expect(access(locked.scratch.root + "/started", F_OK) != 0)
    #expect(try locked.env("run", "A=1", "true").expectSuccess().error.isEmpty)
  }

  /// The question comes before the command starts, and the terminal is as it was.
  @Test func asksForThePassphraseFirst() throws {
    let locked = try EnvHome(
      [EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226")], passphrase: "polonium 84"
    )
    let terminal = try PseudoTerminal(
      locked.executable,
      ["run", "A=lockwise://a.example/alice", "sh", "-c", "stty -a | grep -c ' echo '; echo \"$A\""],
      environment: locked.environment)
    try terminal.expect("passphrase")
    terminal.enter("polonium 84")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.isRestored)
    #expect(outcome.shown.contains("1\r\nradium 226\r\n"), "\(outcome.shown)")
  }
}
