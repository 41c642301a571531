import Foundation
import Testing

/// A store of Debian's pass(1), with a throw-away gpg key without a passphrase.
final class PasswordStore {
  let scratch: Scratch
  /// The folder of the store.
  let folder: String
  /// The environment of every process.
  var environment: [String: String]

  /// Makes an empty store.
  ///
  /// - Throws: `Executables.MissingTool` if pass or gpg is missing.
  init() throws {
    scratch = try Scratch()
    folder = scratch.root + "/store"
    // The name of a socket in it has at most 108 bytes (unix(7)).
    let gnupg = scratch.root + "/g"
    environment = scratch.environment.merging([
      "PATH": "/usr/bin:/bin", "PASSWORD_STORE_DIR": folder, "GNUPGHOME": gnupg, "TERM": "dumb",
    ]) { $1 }
    try FileManager.default.createDirectory(
      atPath: gnupg, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try Run.program(
      Executables.ofSystem("gpg"),
      [
        "--batch", "--passphrase", "", "--quick-generate-key", "store@example.org", "future-default", "default",
        "never",
      ],
      environment: environment
    ).expectSuccess()
    try pass("init", "store@example.org").expectSuccess()
  }

  deinit { _ = try? Run.program("/usr/bin/gpgconf", ["--kill", "all"], environment: environment, timeout: 10) }

  /// Runs pass without a terminal.
  func pass(_ arguments: String..., input: Input = .none) throws -> Run { try pass(arguments, input: input) }

  /// Runs pass without a terminal.
  func pass(_ arguments: [String], input: Input = .none, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.ofSystem("pass"), arguments, input: input, environment: environment.merging(variables) { $1 })
  }

  /// Starts pass at a terminal of its own.
  func terminal(_ arguments: [String], with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try PseudoTerminal(
      Executables.ofSystem("pass"), arguments, environment: environment.merging(variables) { $1 })
  }
}
