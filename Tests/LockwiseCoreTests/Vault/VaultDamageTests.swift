import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Vault files that were truncated or changed.
@Suite struct VaultDamageTests {
  /// Every look-up must return the right result or an error that names the damage.
  private func survey(_ test: TestVault, _ what: String) throws -> (right: Int, refused: Int) {
    var right = 0
    var refused = 0
    for number in 0..<20 {
      do {
        let found = try test.passwords(at: "https://host\(number).example")
        #expect(found == ["password \(number)"], "\(what): a wrong answer instead of an error")
        right += 1
      } catch let error as VaultError {
        switch error {
        case .damaged, .newerFormat, .system: refused += 1
        default: Issue.record("\(what): \(error)")
        }
      }
    }
    return (right, refused)
  }

  @Test func aTruncatedFileIsRefusedOrCorrect() throws {
    let test = try TestVault(logins: 20)
    let whole = try Data(contentsOf: URL(fileURLWithPath: test.directory.vaultFile))
    #expect(whole.count > 30_000)
    for length in stride(from: 0, to: whole.count, by: 512) {
      try restore(test, whole.prefix(length))
      let (right, _) = try survey(test, "cut to \(length)")
      #expect(right < 20, "cut to \(length) of \(whole.count) bytes and nothing was noticed")
    }
    try restore(test, whole)
    #expect(try survey(test, "whole").right == 20)
  }

  @Test func aFlippedBitIsRefusedOrHarmless() throws {
    let test = try TestVault(logins: 20)
    let whole = try Data(contentsOf: URL(fileURLWithPath: test.directory.vaultFile))
    var generator = TestSeed.generator()
    var refused = 0
    for _ in 0..<400 {
      var changed = whole
      let bit = Int.random(in: 0..<whole.count * 8, using: &generator)
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      try restore(test, changed)
      refused += try survey(test, "bit \(bit)").refused
    }
    #expect(refused > 0)
  }

  /// A record, bucket or document in place of another one of the same vault.
  @Test(arguments: [
    "UPDATE logins SET sealed=(SELECT sealed FROM logins WHERE id=2) WHERE id=1",
    "UPDATE buckets SET sealed=(SELECT b.sealed FROM buckets b WHERE b.id=(buckets.id + 1) % 16)",
    "DELETE FROM buckets", "DELETE FROM logins", "DELETE FROM documents", "DELETE FROM header",
    "DELETE FROM slots", "DROP TABLE logins", "UPDATE logins SET sealed=x''", "UPDATE header SET body=x'00'",
    "UPDATE slots SET body=substr(body, 1, 40)", "UPDATE slots SET id=id + 2",
  ])
  func rowsThatWereMovedOrRemovedAreNoticed(sql: String) throws {
    let test = try TestVault(logins: 5)
    let connection = try SQLiteConnection(path: test.directory.vaultFile, mode: .readWrite)
    try connection.run(sql)
    #expect {
      _ = try test.passwords(at: "https://host0.example")
    } throws: { error in
      if case VaultError.damaged = error { true } else { false }
    }
  }

  @Test func aLaterFormatIsRefusedByItsNumber() throws {
    for sql in ["", "CREATE TABLE further(id INTEGER PRIMARY KEY)"] {
      let test = try TestVault(logins: 1)
      let connection = try SQLiteConnection(path: test.directory.vaultFile, mode: .readWrite)
      var writer = JSONObjectWriter()
      writer.member("format", "lockwise-vault")
      writer.member("version", VaultSchema.version + 1)
      let header = try writer.finish().withUnsafeBytes { try VaultSchema.withDigest(Array($0)) }
      try connection.prepare("UPDATE header SET body=?").run(binding: header, at: 1)
      try connection.run("PRAGMA user_version=\(VaultSchema.version + 1);" + sql)
      #expect(throws: VaultError.newerFormat(found: VaultSchema.version + 1, known: VaultSchema.version)) {
        try VaultFile(in: test.directory, access: .reading)
      }
    }
  }

  @Test func anotherProgramsFileIsRefused() throws {
    let test = try TestVault()
    for content in ["", "not a database at all", String(repeating: "x", count: 9000)] {
      try restore(test, Data(content.utf8))
      #expect {
        try VaultFile(in: test.directory, access: .reading)
      } throws: { error in
        if case VaultError.damaged = error { true } else { false }
      }
    }
  }

  @Test func aFileInUseIsReportedAsBusyToAWriter() throws {
    let test = try TestVault(logins: 1)
    let update = try test.vault.beginMirrorUpdate()
    defer { withExtendedLifetime(update) {} }
    #expect(try test.passwords(at: "https://host0.example") == ["password 0"], "a reader was blocked")
    #expect(throws: VaultError.busy) { try test.reopen(.writing).beginMirrorUpdate() }
  }

  private func restore(_ test: TestVault, _ content: Data) throws {
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: test.directory.vaultFile + suffix)
    }
    // Written in place, because a new file would need the right mode.
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: test.directory.vaultFile))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: content)
    try handle.close()
  }
}
