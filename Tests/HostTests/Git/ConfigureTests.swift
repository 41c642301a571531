import Foundation
import Testing

@testable import LockwiseHostSupport

/// `configure` and `unconfigure` add and remove only this helper in git's files.
@Suite struct ConfigureTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    scratch.environment["GIT_CONFIG_NOSYSTEM"] = nil
    scratch.environment["GIT_CONFIG_SYSTEM"] = scratch.root + "/system"
    try scratch.write("", to: scratch.root + "/system")
  }

  private var global: String { scratch.root + "/gitconfig" }

  private func helper(_ arguments: String...) throws -> Run {
    try Run.program(Executables.path("git-credential-lockwise"), arguments, environment: scratch.environment)
  }

  /// The configuration that git itself reads.
  private func git(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    try Run.program(Executables.ofSystem("git"), ["config"] + arguments, environment: scratch.environment).lines
  }

  private func helpers(_ scope: String = "--global") throws -> [String] {
    let run = try Run.program(
      Executables.ofSystem("git"), ["config", scope, "--get-all", "credential.helper"],
      environment: scratch.environment)
    return run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private static let other = """
    # mine
    [user]
    \tname = Marie ; not Skłodowska
    [credential]
    \thelper = store --file=/nowhere
    [credential "https://github.com"]
    \tusername = marie
    \thelper = "!f() { echo x=\\"1\\"; }; f"
    [alias]
    \tx = "!echo [credential]"
    [credential]
    \thelper = cache

    """

  @Test(arguments: [[], ["--global"]]) func addsAndRemovesOnlyItself(options: [String]) throws {
    try scratch.write(Self.other, to: global)
    let before = try git("--global", "--list")
    for _ in 0..<2 {
      try run("configure", options).expectSuccess()
      let now = try helpers()
      #expect(Array(now.prefix(2)) == ["store --file=/nowhere", "cache"] && now.count == 3, "\(now)")
      #expect(now.last == "lockwise", "\(now)")
      #expect(try git("--global", "--list").count == before.count + 1)
    }
    for _ in 0..<2 {
      try run("unconfigure", options).expectSuccess()
      #expect(try git("--global", "--list") == before)
    }
    let text = try String(contentsOfFile: global, encoding: .utf8)
    for line in Self.other.split(separator: "\n") { #expect(text.contains(line), "\(line) is gone") }
    #expect(try String(contentsOfFile: scratch.root + "/system", encoding: .utf8) == "")
  }

  private func run(_ verb: String, _ options: [String]) throws -> Run {
    try Run.program(Executables.path("git-credential-lockwise"), [verb] + options, environment: scratch.environment)
  }

  @Test func configuresTheSystemsFile() throws {
    try scratch.write("[credential]\n\thelper = cache\n", to: scratch.root + "/system")
    for _ in 0..<2 { try helper("configure", "--system").expectSuccess() }
    #expect(try helpers("--system") == ["cache", "lockwise"])
    #expect(try String(contentsOfFile: global, encoding: .utf8) == "")
    for _ in 0..<2 { try helper("unconfigure", "--system").expectSuccess() }
    #expect(try helpers("--system") == ["cache"])
  }

  /// In a new file, with a cleared list of helpers, and next to helpers with similar names.
  @Test func keepsOtherEntries() throws {
    unlink(global)
    try helper("configure").expectSuccess()
    #expect(try helpers() == ["lockwise"])
    try helper("unconfigure").expectSuccess()
    #expect(try helpers() == [])
    // An empty entry clears the list before it (gitcredentials(7)).
    let mixed = ["lockwise", "", "lockwise-other", "/usr/bin/git-credential-lockwise-other", "!true"]
    for name in mixed {
      _ = try git("--global", "--add", "credential.helper", name)
    }
    _ = try git("--global", "--add", "credential.https://a.example.helper", "cache")
    try helper("configure").expectSuccess()
    // The first entry is cleared, so git would not use it.
    let configured = try helpers()
    #expect(configured.last == "lockwise", "\(configured)")
    try helper("unconfigure").expectSuccess()
    let left = try helpers()
    for name in mixed.dropFirst() {
      #expect(left.contains(name), "\(left)")
    }
    #expect(!left.contains("lockwise"), "\(left)")
    #expect(try git("--global", "--get-all", "credential.https://a.example.helper") == ["cache"])
  }

  @Test func answersGitOnceConfigured() throws {
    let stage = try TestHome()
    try stage.signInAndPull()
    try Run.program(
      Executables.path("git-credential-lockwise"), ["configure"], environment: stage.scratch.environment
    ).expectSuccess()
    let answer = try Run.program(
      Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=https://github.com\n\n"),
      environment: stage.scratch.environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 })
    #expect(answer.expectSuccess().password == "ghp_webAndGit0123456789")
  }

  @Test(arguments: [["--local"], ["--global", "--system"], ["x"], ["--global", "--global", "y"]])
  func refusesOtherArguments(arguments: [String]) throws {
    for verb in ["configure", "unconfigure"] {
      try run(verb, arguments).expectRefusal(64, by: "git-credential-lockwise")
    }
    #expect(try helpers() == [])
  }

  /// A file that git cannot write, or cannot read, is left as it is.
  @Test(arguments: ["[credential\nhelper", "directory"]) func reportsAFileThatCannotBeChanged(content: String) throws {
    if content == "directory" {
      unlink(global)
      mkdir(global, 0o700)
    } else {
      try scratch.write(content, to: global)
    }
    // git reads nothing from a directory, so there is nothing to remove.
    for verb in content == "directory" ? ["configure"] : ["configure", "unconfigure"] {
      let run = try run(verb, [])
      #expect(run.status == 1 && run.output.isEmpty, "\(run.ending) \(run.output)")
      #expect(run.errorLines.contains { $0.hasPrefix("git-credential-lockwise: error: ") }, "\(run.error)")
    }
    if content != "directory" { #expect(try String(contentsOfFile: global, encoding: .utf8) == content) }
  }
}
