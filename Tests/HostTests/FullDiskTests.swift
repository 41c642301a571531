import Foundation
import Testing

@testable import LockwiseHostSupport

/// Disks that are full or fill up. A change that could not be saved is not reported as saved, and many logins are one
/// change.
@Suite final class FullDiskTests {
  let stage: TestHome
  let logins = NewLogins(40)

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func found() throws -> [Int] {
    try (0..<logins.count).filter {
      try stage.get("protocol=https\nhost=\(NewLogins.host($0))\n").expectSuccess().password == "p\($0)"
    }
  }

  /// Runs a script in which `"$@"` is a command of `lockwise-sync`.
  private func sync(_ script: String, _ arguments: String..., input: Input = .none) throws -> Run {
    try Run.program(
      "/bin/sh", ["-c", script, "sh", Executables.path("lockwise-sync")] + arguments, input: input,
      environment: stage.scratch.environment)
  }

  /// A limit on the size of files, in units of 512 bytes, stands for a disk that fills up at that point (setrlimit(2),
  /// RLIMIT_FSIZE). Without the signal the error is the one that write(2) gives.
  @Test(arguments: [true, false]) func reportsADiskThatFillsUp(isOnline: Bool) throws {
    let before = try stage.scratch.readVault()
    if !isOnline { try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]]) }
    var refused = 0
    for blocks in [0, 1, 8, 64, 72, 100, 150, 250, 400, 700, 1200, 4000] {
      try stage.scratch.restoreVault(before)
      let run = try sync(
        "trap '' XFSZ; ulimit -f \(blocks); exec \"$@\"", "put", "passwords", input: .text(logins.json))
      run.expectWellFormedErrors(by: "lockwise-sync")
      // A reported change is in the vault, and another one is not.
      let kept = try found().map(NewLogins.id)
      #expect(kept == run.lines, "\(blocks): \(run.error)")
      if run.status == 7 {
        refused += 1
        #expect(run.error.contains("disk is full") || run.error.contains("cannot "), "\(blocks): \(run.error)")
        // All or none. The disk may also fill up later, when the server's response is recorded.
        #expect(kept.isEmpty || kept.count == 40, "\(blocks): \(kept)")
        #expect(kept.isEmpty || !run.error.contains("nothing was changed"), "\(blocks): \(run.error)")
      } else {
        #expect(run.status == (isOnline ? 0 : 4) && kept.count == 40, "\(blocks): \(run.ending) \(run.error)")
      }
    }
    #expect(refused > 0 && refused < 12)
  }

  /// Runs as an ordinary user even if the tests run as root: without capabilities, modes apply to root too
  /// (capabilities(7), CAP_DAC_OVERRIDE).
  @Test func reportsAVaultThatCannotBeWritten() throws {
    let before = try stage.scratch.readVault()
    let mode = "chmod 0400 \"$LOCKWISE_HOME\"/*; chmod 0500 \"$LOCKWISE_HOME\"; "
    let drop = geteuid() == 0 ? "setpriv --inh-caps=-all --bounding-set=-all " : ""
    defer { chmod(stage.scratch.vault, 0o700) }
    for command in [["put", "passwords"], ["push"], ["delete", "passwords", "lockwise0001"]] {
      let run = try Run.program(
        "/bin/sh", ["-c", "\(mode)exec \(drop)\"$@\"", "sh", Executables.path("lockwise-sync")] + command,
        input: .text(logins.json), environment: stage.scratch.environment)
      run.expectRefusal(7, "cannot ")
    }
    chmod(stage.scratch.vault, 0o700)
    #expect(try stage.scratch.readVault()["vault.db"] == before["vault.db"])
    for name in stage.scratch.vaultFiles { chmod(stage.scratch.vault + "/" + name, 0o600) }
    #expect(try found().isEmpty)
    #expect(try stage.sandbox.storageWrites().isEmpty)
    try stage.sync("put", "passwords", input: .text(logins.json)).expectSuccess()
  }
}
