import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// The storage credentials that the vault has, as they are: nothing is fetched, and nothing is written.
final class CachedCredentials: StorageCredentialsSource {
  private let current: HawkCredentials
  /// Whether the server must accept them.
  let isFresh: Bool

  /// - Returns: `nil` if there are none.
  /// - Throws: `VaultError`.
  init?(of vault: Vault, now: Int64) throws {
    guard let document = try vault.document(.storageToken),
      let credentials = try? StorageCredentials(document: document)
    else { return nil }
    current = HawkCredentials(
      id: credentials.id, key: credentials.key, endpoint: credentials.endpoint, clockOffset: credentials.clockOffset)
    isFresh = credentials.isFresh(at: now)
  }

  func credentials() throws -> HawkCredentials { current }

  func replaceAfterUnauthorized() throws -> HawkCredentials { throw StorageError.unauthorized }

  func setClockOffset(_ milliseconds: Int64) throws {}
}

/// The documents of a vault that is only looked at: what a request learns is not kept.
struct UnchangedDocuments: SealedDocuments {
  let documents: any SealedDocuments

  func document(_ name: DocumentName) throws -> SecretBytes? { try documents.document(name) }

  func setDocument(_ name: DocumentName, to content: SecretBytes?) throws {}
}
