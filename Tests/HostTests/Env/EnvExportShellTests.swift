import Foundation
import Testing

@testable import LockwiseHostSupport

/// Real shells evaluate the output of `export`, and pass the secrets to a program byte for byte.
@Suite struct EnvExportShellTests {
  /// A shell and how it evaluates a command's output.
  struct Shell: CustomTestStringConvertible, Sendable {
    let program: String
    let options: [String]
    var format = "sh"

    var testDescription: String { ([program] + options).joined(separator: " ") }

    /// The command that evaluates `export` with some arguments.
    func evaluating(_ arguments: String) -> String {
      let command = "lockwise-env export --format \(format) \(arguments)"
      return switch format {
      case "fish": "\(command) | source"
      case "elvish": "eval (\(command) | slurp)"
      default: "eval \"$(\(command))\""
      }
    }
  }

  static let shells: [Shell] = [
    Shell(program: "dash", options: []), Shell(program: "bash", options: ["--norc"]),
    Shell(program: "bash", options: ["--norc", "--posix"]), Shell(program: "zsh", options: ["-f"]),
    Shell(program: "zsh", options: ["-f", "-o", "rcquotes", "-o", "globsubst", "-o", "shwordsplit"]),
    Shell(program: "mksh", options: []), Shell(program: "fish", options: ["--no-config"], format: "fish"),
    Shell(program: "elvish", options: ["-norc"], format: "elvish"),
  ].filter { (try? Executables.ofSystem($0.program)) != nil }

  private func run(_ shell: Shell, _ script: String, _ home: EnvHome) throws -> Run {
    try home.program(Executables.ofSystem(shell.program), shell.options + ["-c", script])
  }

  /// Returns the variables of `/proc/self/environ`.
  static func variables(_ environ: [UInt8]) -> [String: [UInt8]] {
    var variables: [String: [UInt8]] = [:]
    for entry in environ.split(separator: 0) {
      let end = entry.firstIndex(of: UInt8(ascii: "=")) ?? entry.endIndex
      variables[String(decoding: entry[..<end], as: UTF8.self)] = Array(entry[end...].dropFirst())
    }
    return variables
  }

  @Test func findsTheShells() throws {
    // The others are in contrib/lib.sh, test_packages.
    for name in ["dash", "bash"] { #expect(Self.shells.contains { $0.program == name }) }
    guard ProcessInfo.processInfo.environment["LOCKWISE_TEST_COMPLETE"] != nil else { return }
    #expect(Self.shells.count == 8)
  }

  @Test(arguments: shells) func passesEveryByte(shell: Shell) throws {
    let home = try EnvHome(AwkwardPasswords.logins)
    try home.write(AwkwardPasswords.file, to: "refs")
    let result = try run(shell, shell.evaluating("-f \(home.path("refs"))") + "; exec cat /proc/self/environ", home)
    result.expectSuccess()
    let variables = Self.variables(result.outputBytes)
    #expect(AwkwardPasswords.all.count >= 25)
    for (number, password) in AwkwardPasswords.all.enumerated() {
      #expect(variables["V\(number)"] == Array(password.utf8), "\(number)")
    }
  }

  @Test(arguments: shells) func takesTheNamesBack(shell: Shell) throws {
    let home = try EnvHome([.init(username: "alice", password: "secret")])
    try home.write("A=lockwise://example.com/alice\nB=literal\n", to: "refs")
    let arguments = "-f \(home.path("refs"))"
    let script = shell.evaluating(arguments) + "; " + shell.evaluating("--unset \(arguments)")
    let result = try run(shell, script + "; exec cat /proc/self/environ", home)
    result.expectSuccess()
    let variables = Self.variables(result.outputBytes)
    #expect(variables["A"] == nil && variables["B"] == nil && variables["HOME"] != nil)
  }

  @Test(arguments: shells) func setsNothingIfOneIsMissing(shell: Shell) throws {
    let home = try EnvHome([.init(username: "alice", password: "secret")])
    try home.write("A=lockwise://example.com/alice\nB=lockwise://example.com/bob\nC=1\n", to: "refs")
    let check =
      switch shell.format {
      case "fish": "; and touch \(home.path("went-on")); cat /proc/self/environ"
      case "elvish": "; touch \(home.path("went-on"))"
      default: " && touch \(home.path("went-on")); cat /proc/self/environ"
      }
    let result = try run(shell, shell.evaluating("-f \(home.path("refs"))") + check, home)
    let variables = Self.variables(result.outputBytes)
    #expect(["A", "B", "C"].allSatisfy { variables[$0] == nil })
    #expect(access(home.path("went-on"), F_OK) != 0)
    #expect(result.error.contains("cannot find lockwise://example.com/bob for B (\(home.path("refs")), line 2)"))
    #expect(!result.error.contains("secret"))
  }

  @Test func stopsAScriptWithErrexit() throws {
    let home = try EnvHome()
    let script = "set -e; eval \"$(lockwise-env export A=lockwise://example.com/x)\"; touch \(home.path("went-on"))"
    let result = try home.program("/bin/bash", ["-c", script])
    #expect(result.status == 1 && access(home.path("went-on"), F_OK) != 0)
  }

  @Test(arguments: ["A;id", "X$(touch y)", "A`touch y`", "A B", "1A", "A-B", ""])
  func passesNoWrongNameToAShell(name: String) throws {
    let home = try EnvHome([.init(username: "alice", password: "secret")])
    let file = try home.write("\(name)=lockwise://example.com/alice\n", to: "refs")
    for arguments in [["\(name)=lockwise://example.com/alice"], ["-f", file]] {
      for extra in [[], ["--unset"]] {
        let result = try home.env(["export"] + extra + arguments)
        #expect(result.status == 64 && result.output == "false\n", "\(result.output)")
        result.expectWellFormedErrors(by: "lockwise-env")
      }
    }
  }
}
