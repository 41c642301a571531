import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Imports and exports that are killed, or whose disk is full, leave all or nothing.
@Suite struct TransferDisruptionTests {
  private let home: TransferHome
  private static let count = 1500

  init() throws { home = try TransferHome() }

  @Test(arguments: [SIGKILL, SIGTERM, SIGINT]) func aKilledImportLeavesAllOrNothing(signal: Int32) throws {
    let path = try home.file("logins.csv", TransferHome.chrome(Self.count))
    let before = try home.scratch.readVault()
    let begin = ContinuousClock.now
    try home.sync("import", "--yes", path).expectSuccess()
    let duration = (ContinuousClock.now - begin) / .microseconds(1)
    var interrupted = 0
    var random = TestSeed.generator()
    for _ in 0..<(signal == SIGKILL ? 20 : 5) {
      try home.scratch.restoreVault(before)
      let run = try RunningProgram(
        Executables.path("lockwise-sync"), ["import", "--yes", path], environment: home.scratch.environment)
      usleep(UInt32.random(in: 0...UInt32(duration), using: &random))
      run.signal(signal)
      let result = try run.finish()
      if result.status != 0 { interrupted += 1 }
      let vault = try home.scratch.openVault()
      let found = try vault.loginCount()
      #expect(found == 0 || found == Self.count, "\(result.ending)")
      #expect(try vault.outboxCount() == found)
      if result.output.contains("imported") { #expect(found == Self.count) }
    }
    #expect(interrupted > 0, "every import was over before it was ended")
    try home.sync("import", "--yes", path).expectSuccess()
    #expect(try home.scratch.openVault().loginCount() == Self.count)
  }

  /// A limit on the size of files stands for a disk that fills up (setrlimit(2), RLIMIT_FSIZE).
  @Test func aFullDiskLeavesAllOrNothing() throws {
    let path = try home.file("logins.csv", TransferHome.chrome(Self.count))
    let before = try home.scratch.readVault()
    var refused = 0
    for blocks in [0, 8, 100, 400, 1000, 2000, 20000] {
      try home.scratch.restoreVault(before)
      let run = try Run.program(
        "/bin/sh",
        [
          "-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$@\"", "sh", Executables.path("lockwise-sync"), "import",
          "--yes",
          path,
        ], environment: home.scratch.environment)
      let found = try home.scratch.openVault().loginCount()
      #expect(found == 0 || found == Self.count, "\(blocks): \(run.error)")
      #expect((run.status == 0) == (found == Self.count), "\(blocks): \(run.ending) \(run.error)")
      if run.status != 0 {
        refused += 1
        #expect(run.status == 7 && run.error.contains("lockwise-sync: error: "), "\(blocks): \(run.error)")
      }
    }
    #expect(refused > 0 && refused < 7)
  }

  @Test func aKilledExportLeavesNoFile() throws {
    try home.sync("import", "--yes", "-", input: .text(TransferHome.chrome(Self.count))).expectSuccess()
    let folder = home.scratch.root + "/out"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let begin = ContinuousClock.now
    try home.sync("export", "--yes", "-o", folder + "/whole.csv").expectSuccess()
    let duration = (ContinuousClock.now - begin) / .microseconds(1)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/whole.csv"))
    unlink(folder + "/whole.csv")
    var random = TestSeed.generator()
    for _ in 0..<15 {
      let run = try RunningProgram(
        Executables.path("lockwise-sync"), ["export", "--yes", "-o", folder + "/out.csv"],
        environment: home.scratch.environment)
      usleep(UInt32.random(in: 0...UInt32(duration), using: &random))
      run.signal(SIGKILL)
      _ = try run.finish()
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.allSatisfy { $0 == "out.csv" }, "\(names)")
      if !names.isEmpty { #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/out.csv")) == whole) }
      unlink(folder + "/out.csv")
    }
    let full = try Run.program(
      "/bin/sh",
      [
        "-c", "trap '' XFSZ; ulimit -f 80; exec \"$@\"", "sh", Executables.path("lockwise-sync"), "export", "--yes",
        "-o",
        folder + "/out.csv",
      ], environment: home.scratch.environment)
    full.expectRefusal(1, "cannot write ")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }
}
