import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The storage credentials in the vault, unchanged: nothing is fetched or written.
final class CachedCredentials: StorageCredentialsSource {
  private let current: StorageCredentials
  /// Whether they have not expired.
  let isFresh: Bool

  /// - Returns: `nil` if there are none.
  /// - Throws: `VaultError`.
  init?(of vault: Vault, now: Milliseconds) throws {
    guard let document = try vault.document(.storageToken),
      let credentials = try? StorageCredentials(document: document)
    else { return nil }
    current = credentials
    isFresh = credentials.isFresh(at: now)
  }

  func credentials() throws -> StorageCredentials { current }

  func replaceAfterUnauthorized() throws -> StorageCredentials { throw StorageError.unauthorized }

  func setClockOffset(_ offset: Milliseconds) throws {}
}

/// The documents of a vault that is only read: changes are dropped.
struct UnchangedDocuments: SealedDocuments {
  let documents: any SealedDocuments

  func document(_ name: DocumentName) throws -> SecretBytes? { try documents.document(name) }

  func setDocument(_ name: DocumentName, to content: SecretBytes?) throws {}
}
