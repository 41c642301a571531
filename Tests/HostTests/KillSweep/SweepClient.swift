import Foundation
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A vault of a kill sweep.
final class SweepClient {
  let scratch: Scratch
  /// Distinguishes the vaults of a sweep.
  let number: Int

  init(_ url: String, number: Int) throws {
    self.number = number
    scratch = try Scratch()
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", url, "--password-stdin", "--key-file", scratch.keyFile, SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: scratch.environment
    ).expectSuccess()
    try run("pull").expectSuccess()
  }

  func run(_ arguments: String...) throws -> Run {
    try Run.program(Executables.path("lockwise-sync"), arguments, environment: scratch.environment)
  }

  /// Starts `lockwise-sync`, which may be killed.
  ///
  /// - Parameter script: a shell script that runs it as `"$@"`.
  func start(_ arguments: [String], _ text: String?, under script: String?) throws -> RunningProgram {
    let program = try Executables.path("lockwise-sync")
    let input: Input = text.map { .text($0) } ?? .none
    guard let script else {
      return try RunningProgram(program, arguments, input: input, environment: scratch.environment)
    }
    return try RunningProgram(
      "/bin/sh", ["-c", script, "sh", program] + arguments, input: input, environment: scratch.environment)
  }

  /// Restores the modes of the vault.
  func makeWritable() {
    chmod(scratch.vault, 0o700)
    for name in scratch.vaultFiles { chmod(scratch.vault + "/" + name, 0o600) }
  }

  func withVault<Result>(_ body: (Vault) throws -> Result) throws -> Result {
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: .writing)
    let slot = try #require(file.slots().first)
    return try body(file.unlock(slot, with: Unlocker.readKeyFile(scratch.keyFile)))
  }

  func logins() throws -> [String: LoginRecord] {
    try withVault { vault in
      var logins: [String: LoginRecord] = [:]
      try vault.forEachLogin { logins[$0.guid] = $0 }
      return logins
    }
  }
}
