import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A vault of a home without an account.
extension Scratch {
  private static let key = "a key of 32 bytes, for tests only"

  /// Creates the vault.
  ///
  /// - Parameters:
  ///   - records: its logins.
  ///   - passphrase: the passphrase that opens it; `nil` if a key file does.
  func createVault(_ records: [LoginRecord], passphrase: String? = nil) throws {
    if passphrase == nil { try write(Self.key, to: keyFile) }
    try FileManager.default.createDirectory(
      atPath: root + "/state", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let slot = NewKeySlot(
      source: passphrase == nil ? .keyFile(path: keyFile) : .passphrase,
      credential: SecretBytes(utf8: passphrase ?? Self.key), cost: TestVault.cost)
    let vault = try VaultFile.create(
      in: VaultDirectory(path: self.vault), slots: [slot],
      documents: [.account: SecretBytes(utf8: #"{"email":"marie.curie@example.org"}"#)], random: SystemRandom())
    guard !records.isEmpty else { return }
    let update = try vault.beginMirrorUpdate()
    for record in records { try update.store(record) }
    try update.commit()
  }

  /// Opens the vault with its key file.
  func openVault(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: vault), access: access)
    return try file.unlock(file.slots()[0], with: SecretBytes(utf8: Self.key))
  }
}
