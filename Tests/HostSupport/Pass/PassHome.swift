import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A home in which `pass` is `lockwise-pass`, with a vault that a key file opens. There is no account, and
/// `lockwise-sync` does nothing, so no test of this home reaches a server.
final class PassHome {
  let scratch: Scratch
  /// The folder of the programs, the first of `PATH`.
  let bin: String
  /// The environment of every process.
  var environment: [String: String]

  /// Makes a home.
  ///
  /// - Parameter records: the logins of the vault.
  init(_ records: [LoginRecord] = []) throws {
    scratch = try Scratch()
    bin = scratch.root + "/bin"
    environment = scratch.environment.merging([
      "PATH": bin + ":/usr/bin:/bin", "LOCKWISE_PULL_INTERVAL": "0", "TERM": "dumb",
    ]) { $1 }
    let files = FileManager.default
    try files.createDirectory(atPath: bin, withIntermediateDirectories: false)
    // A program next to it would be the real lockwise-sync, hence a copy.
    try Spawn.alone {
      try files.copyItem(atPath: Executables.path("lockwise-pass"), toPath: bin + "/lockwise-pass")
    }
    try files.createSymbolicLink(atPath: bin + "/pass", withDestinationPath: "lockwise-pass")
    try scratch.write("#!/bin/sh\n", to: bin + "/lockwise-sync")
    try createVault(records)
  }

  private func createVault(_ records: [LoginRecord]) throws {
    let key = SecretBytes(utf8: "a key of 32 bytes, for tests only")
    try scratch.write("a key of 32 bytes, for tests only", to: scratch.keyFile)
    try FileManager.default.createDirectory(
      atPath: scratch.root + "/state", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let vault = try VaultFile.create(
      in: VaultDirectory(path: scratch.vault),
      slots: [NewKeySlot(source: .keyFile(path: scratch.keyFile), credential: key, cost: TestVault.cost)],
      documents: [.account: SecretBytes(utf8: #"{"email":"marie.curie@example.org"}"#)], random: SystemRandom())
    guard !records.isEmpty else { return }
    let update = try vault.beginMirrorUpdate()
    for record in records { try update.store(record) }
    try update.commit()
  }

  /// Opens the vault.
  func vault(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: access)
    return try file.unlock(file.slots()[0], with: SecretBytes(utf8: "a key of 32 bytes, for tests only"))
  }

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
    try Run.program(
      bin + "/pass", arguments, input: input, environment: environment.merging(variables) { $1 }, timeout: timeout)
  }

  /// Starts `pass` at a terminal of its own.
  func terminal(_ arguments: [String], with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try PseudoTerminal(bin + "/pass", arguments, environment: environment.merging(variables) { $1 })
  }
}
