import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// An unlocked vault and the client for its account's storage.
final class StorageSession {
  let vault: Vault
  let account: SignedInAccount
  let client: StorageClient
  let environment: StorageEnvironment
  let syncKey: SyncKeyBundle

  /// Unlocks the vault; sends nothing.
  ///
  /// - Throws: `VaultError`, `PromptError`, `DocumentError`; `UserFacingError` if the vault has no account.
  convenience init(_ context: SyncContext) throws {
    let vault = try context.unlockedVault(.writing)
    try self.init(vault, context.account(in: vault), context)
  }

  /// Sends nothing.
  ///
  /// - Throws: `CryptoError`.
  init(_ vault: Vault, _ account: SignedInAccount, _ context: SyncContext) throws {
    self.vault = vault
    self.account = account
    syncKey = try SyncKeyBundle(syncKey: account.syncKey.key)
    let source = StorageCredentialsProvider(account: account, documents: vault, transport: context.transport)
    environment = StorageEnvironment(
      transport: context.transport, random: SystemRandom(), now: context.clock.now,
      sleep: { usleep(UInt32(clamping: $0.rawValue * 1000)) })
    let client = StorageClient(environment: environment, credentials: source, documents: vault)
    self.client = client
    source.onBackoff = { try client.backoff.note($0, now: context.clock.now()) }
  }

  /// Sends a first request, and repeats it once if the account's data moved to another storage server.
  ///
  /// - Throws: the errors of `ask`.
  func ask<Answer>(_ ask: (StorageClient) throws -> Answer) throws -> Answer {
    do {
      return try ask(client)
    } catch StorageError.endpointChanged {
      try client.connect()
      return try ask(client)
    }
  }

  /// Fetches the times of the last changes, by collection.
  ///
  /// - Throws: `StorageError`.
  func times() throws -> CollectionTimes {
    let fetched = try ask { try $0.collectionTimes() }
    guard let times = fetched.value else {
      throw StorageError.unexpectedResponse(expected: "a list of collections")
    }
    return times
  }

  /// Returns the cipher for a collection's records.
  ///
  /// - Throws: `PullError`, `StorageError`.
  func cipher(for collection: String, _ times: CollectionTimes) throws -> RawCipher {
    try RawCipher(for: collection, times: times, state: vault.syncState(), client: client, syncKey: syncKey)
  }
}
