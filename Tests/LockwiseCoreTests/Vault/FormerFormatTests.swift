import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Formats that were never released are distinguished from damage, and their changes to upload are counted.
@Suite struct FormerFormatTests {
  /// Makes a vault file in an earlier format.
  private func make(version: Int, unsent: Int?) throws -> VaultDirectory {
    let directory = TestVault.freshDirectory()
    try directory.create()
    _ = FileManager.default.createFile(
      atPath: directory.vaultFile, contents: Data(), attributes: [.posixPermissions: 0o600])
    let raw = try RawVault(directory)
    try raw.run(
      """
      CREATE TABLE header(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
      CREATE TABLE slots(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
      CREATE TABLE documents(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
      CREATE TABLE buckets(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
      CREATE TABLE logins(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
      CREATE TABLE aside(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
      """)
    if let unsent {
      try raw.run("CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);")
      for _ in 0..<unsent { try raw.run("INSERT INTO outbox(sealed) VALUES(x'00')") }
    }
    let header = #"{"format":"lockwise-vault","version":\#(version),"id":"000102030405060708090a0b0c0d0e0f"}"#
    try raw.put(.init(table: "header", key: "1", bytes: VaultSchema.withDigest(Array(header.utf8))))
    return directory
  }

  @Test(arguments: [(1, nil, 0), (2, 0, 0), (2, 5, 5), (3, 1, 1)] as [(Int, Int?, Int)])
  func aFormerFormatIsRefusedAndWhatWaitsIsNamed(version: Int, unsent: Int?, expected: Int) throws {
    let directory = try make(version: version, unsent: unsent)
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    let error = VaultError.olderFormat(found: Int64(version), unsent: expected)
    for access in [VaultFile.Access.reading, .writing] {
      #expect(throws: error) { try VaultFile(in: directory, access: access) }
    }
    let shown = error.userFacingError
    #expect(shown.exitCode == .vault && shown.hints.contains { $0.contains("lockwise-sync logout --force") })
    #expect(shown.message.contains("not uploaded") == (expected > 0))
    if expected > 0 { #expect(shown.message.contains(expected == 1 ? "1 change " : "\(expected) changes ")) }
  }

  @Test func theDraftOfFormat3IsRefused() throws {
    let directory = try make(version: 3, unsent: 0)
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    // Even with its missing table.
    try RawVault(directory).run("CREATE TABLE deleted(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)")
    #expect(throws: VaultError.damaged(part: "key slots")) { try VaultFile(in: directory, access: .reading).slots() }
  }

  @Test func aDamagedFileOfAFormerFormatIsDamaged() throws {
    let directory = try make(version: 2, unsent: 1)
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    try RawVault(directory).run("UPDATE header SET body=x'00'")
    #expect(throws: VaultError.damaged(part: "header")) { try VaultFile(in: directory, access: .reading) }
  }
}
