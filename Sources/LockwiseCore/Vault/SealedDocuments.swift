/// Small named secrets of the vault, each sealed by itself: the account, tokens, collection keys, sync state.
/// What the text of a document means is the business of the module that wrote it.
public protocol SealedDocuments {
  /// The document called `name`, decrypted; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func document(_ name: DocumentName) throws -> SecretBytes?

  /// Seals and stores a document under `name`, durable when it returns; `nil` removes it.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws
}

/// The names of the vault's sealed documents. The names are not secret.
public enum DocumentName: String, CaseIterable, Sendable {
  /// Who is signed in where: e-mail, uid, servers, refresh token, Sync key and key id.
  case account
  /// The access token and its expiry.
  case accessToken = "access-token"
  /// Storage credentials: Hawk id and key, endpoint, expiry.
  case storageToken = "storage-token"
  /// What the last pull saw: timestamps, syncIDs, collection keys.
  case syncState = "sync-state"
  /// Until when the server asked to be left alone.
  case backoff
  /// What git's helper remembers on this machine only: `GitMemory`. Added with format 3.
  case gitMemory = "git-memory"
}
