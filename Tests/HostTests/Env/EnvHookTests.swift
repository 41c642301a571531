import Foundation
import Testing

@testable import LockwiseHostSupport

/// `lockwise-load` and `lockwise-unload` of `lockwise-env hook` in real shells.
@Suite final class EnvHookTests {
  private static let awkward = "it's \"1\"\n$HOME `id` \\"

  private let home: EnvHome
  private let file: String

  init() throws {
    home = try EnvHome([
      EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226"),
      EnvHome.Login(origin: "https://b.example", username: "bob", password: Self.awkward),
    ])
    try home.write(Self.show, to: "show.py")
    file = try home.write("A=lockwise://a.example/alice\nB=lockwise://b.example/bob\nPLAIN='x y'\n", to: "file")
  }

  struct Shell: CustomTestStringConvertible, Sendable {
    let name: String
    var options: [String] = []
    var testDescription: String { ([name] + options).joined(separator: " ") }
    /// The line that defines the functions.
    var hook: String {
      name == "fish" ? "lockwise-env hook fish | source" : "eval \"$(lockwise-env hook \(name))\""
    }
  }

  static let shells = [
    Shell(name: "bash"), Shell(name: "bash", options: ["-eu"]), Shell(name: "zsh", options: ["-f"]),
    Shell(
      name: "zsh",
      options: ["-f", "-o", "rcquotes", "-o", "globsubst", "-o", "shwordsplit", "-o", "ksharrays", "-o", "nounset"]),
    Shell(name: "zsh", options: ["-f", "-o", "cshjunkiequotes", "-o", "warncreateglobal"]),
    Shell(name: "fish", options: ["--no-config"]),
  ]

  /// Runs lines in a shell that has the functions. `show` prints the variables of a program, sorted.
  private func run(_ shell: Shell, _ lines: String, input: Input = .none) throws -> Run {
    let text = shell.hook + "\n" + lines.replacing("show", with: "python3 \(home.path("show.py"))")
    return try Run.program(
      Executables.ofSystem(shell.name), shell.options + ["-c", text], input: input, environment: home.environment)
  }

  private static let show = """
    import os
    names = ["A", "B", "C", "PLAIN", "IFS"]
    print([os.environ[n] for n in names if n in os.environ], len([n for n in os.environ if "lockwise_" in n]))
    """

  @Test(arguments: shells) func loadsAndUnloads(shell: Shell) throws {
    let run = try run(
      shell,
      """
      show
      lockwise-load -f \(file)
      show
      lockwise-load C=lockwise://a.example/alice PLAIN=2
      show
      lockwise-unload
      show
      lockwise-unload
      """)
    let awkward = #"'it\'s "1"\n$HOME `id` \\'"#
    #expect(
      run.expectSuccess().lines == [
        "[] 0", "['radium 226', \(awkward), 'x y'] 0", "['radium 226', \(awkward), 'radium 226', '2'] 0", "[] 0",
      ])
    #expect(run.error.isEmpty)
  }

  @Test(arguments: shells) func keepsWhatItDidNotLoad(shell: Shell) throws {
    let set = shell.name == "fish" ? "set -gx C mine" : "export C=mine"
    let run = try run(shell, "\(set)\nlockwise-load A=lockwise://a.example/alice\nlockwise-unload\nshow")
    #expect(run.expectSuccess().lines == ["['mine'] 0"])
  }

  /// Nothing is set, and the status is that of `lockwise-env`.
  @Test(arguments: shells) func setsNothingIfOneIsMissing(shell: Shell) throws {
    let status = shell.name == "fish" ? "or echo status $status" : "|| echo status $?"
    let run = try run(
      shell,
      """
      lockwise-load A=lockwise://a.example/alice C=lockwise://gone.example \(shell.name == "fish" ? "\n" : "") \(status)
      show
      lockwise-load 'A;touch \(home.scratch.root)/x=1' \(shell.name == "fish" ? "\n" : "") \(status)
      show
      """)
    #expect(run.lines == ["status 1", "[] 0", "status 64", "[] 0"], "\(run.error)")
    #expect(run.error.contains("gone.example") && !run.error.contains("radium"))
    #expect(access(home.scratch.root + "/x", F_OK) != 0)
  }

  @Test(arguments: shells) func readsStandardInput(shell: Shell) throws {
    let run = try run(
      shell, "lockwise-load -f -\nshow\nlockwise-unload\nshow", input: .text("A=lockwise://a.example/alice\n"))
    #expect(run.expectSuccess().lines == ["['radium 226'] 0", "[] 0"])
  }

  @Test(arguments: ["bash", "zsh"]) func worksWithAnotherFieldSeparator(name: String) throws {
    let run = try run(
      Shell(name: name), "IFS=AB_\nlockwise-load -f \(file)\nshow\nlockwise-unload\nshow")
    #expect(run.expectSuccess().lines.last == "[] 0", "\(run.output)")
    #expect(run.lines.first?.contains("radium 226") == true)
  }

  /// A script ends.
  @Test func endsAScriptThatEndsAtFailures() throws {
    let run = try run(
      Shell(name: "bash", options: ["-e"]), "lockwise-load A=lockwise://gone.example\ntouch \(home.scratch.root)/x")
    #expect(run.ending == .exited(1) && access(home.scratch.root + "/x", F_OK) != 0)
  }

  @Test(arguments: [["hook"], ["hook", "tcsh"], ["hook", "bash", "unload"], ["hook", "-f", "x", "bash"]])
  func refusesOtherArguments(arguments: [String]) throws {
    let run = try home.env(arguments)
    // What a shell evaluates fails.
    #expect(run.status == 64 && run.output == "false\n")
    run.expectWellFormedErrors(by: "lockwise-env")
  }
}
