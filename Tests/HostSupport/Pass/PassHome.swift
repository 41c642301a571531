import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A home in which `pass` is `lockwise-pass`, with a vault that a key file opens. There is no account, and
/// `lockwise-sync` does nothing, so no test of this home reaches a server.
final class PassHome: ProgramHome {
  let scratch: Scratch
  /// The folder of the programs, the first of `PATH`.
  let bin: String
  /// The environment of every process.
  var environment: [String: String]

  /// Makes a home.
  ///
  /// - Parameters:
  ///   - records: the logins of the vault.
  ///   - passphrase: the passphrase that opens the vault; `nil` if a key file does.
  init(_ records: [LoginRecord] = [], passphrase: String? = nil) throws {
    scratch = try Scratch()
    (bin, environment) = try scratch.makeBin("lockwise-pass")
    try FileManager.default.createSymbolicLink(atPath: bin + "/pass", withDestinationPath: "lockwise-pass")
    try scratch.createVault(records, passphrase: passphrase)
  }

  /// Opens the vault.
  func vault(_ access: VaultFile.Access = .reading) throws -> Vault { try scratch.openVault(access) }

  /// All logins of the vault.
  func logins() throws -> [LoginRecord] {
    var logins: [LoginRecord] = []
    try vault().forEachLogin { logins.append($0) }
    return logins
  }

  /// Runs `pass` without a terminal.
  func pass(
    _ arguments: String..., input: Input = .none, with variables: [String: String] = [:], timeout: Double = 60
  ) throws -> Run {
    try pass(arguments, input: input, with: variables, timeout: timeout)
  }

  /// Runs `pass` without a terminal.
  func pass(
    _ arguments: [String], input: Input = .none, with variables: [String: String] = [:], timeout: Double = 60
  ) throws -> Run {
    try program(bin + "/pass", arguments, input: input, with: variables, timeout: timeout)
  }

  /// Starts `pass` at a terminal of its own.
  func terminal(_ arguments: [String], with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try PseudoTerminal(bin + "/pass", arguments, environment: environment.merging(variables) { $1 })
  }
}
