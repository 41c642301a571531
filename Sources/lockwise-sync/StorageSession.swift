import Glibc
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// An unlocked vault and its account's storage.
final class StorageSession {
  let vault: Vault
  let account: SignedInAccount
  let client: StorageClient
  let environment: StorageEnvironment
  let syncKey: SyncKeyBundle

  /// Unlocks the vault; nothing is sent.
  ///
  /// - Throws: `VaultError`, `PromptError`, `DocumentError`.
  init(_ context: SyncContext) throws {
    vault = try context.unlockedVault(.writing)
    account = try context.account(in: vault)
    syncKey = try SyncKeyBundle(syncKey: account.syncKey.key)
    let source = VaultCredentialsSource(
      StorageCredentialsProvider(account: account, documents: vault, transport: context.transport))
    environment = StorageEnvironment(
      transport: context.transport, random: SystemRandom(), now: context.clock.now,
      sleep: { usleep(UInt32(clamping: $0 * 1000)) })
    let client = StorageClient(environment: environment, credentials: source, documents: vault)
    self.client = client
    source.noteBackoff = { try client.backoff.note(seconds: $0, now: context.clock.now()) }
  }

  /// Asks the server for the first time; once more if the account's data turn out to have moved to another one.
  ///
  /// - Throws: what `ask` throws.
  func ask<Answer>(_ ask: (StorageClient) throws -> Answer) throws -> Answer {
    do {
      return try ask(client)
    } catch StorageError.endpointChanged {
      try client.connect()
      return try ask(client)
    }
  }

  /// When each collection was last written.
  ///
  /// - Throws: `StorageError`.
  func times() throws -> CollectionTimes {
    let fetched = try ask { try $0.collectionTimes() }
    guard let times = fetched.value else {
      throw StorageError.unexpectedAnswer(expected: "a list of collections")
    }
    return times
  }

  /// How a collection's records are kept.
  ///
  /// - Throws: `PullError`, `StorageError`.
  func cipher(for collection: String, _ times: CollectionTimes) throws -> RawCipher {
    try RawCipher(for: collection, times: times, state: vault.syncState(), client: client, syncKey: syncKey)
  }
}
