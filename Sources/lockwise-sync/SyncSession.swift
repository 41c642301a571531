import Glibc
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// An unlocked vault and its account's storage, one run at a time.
final class SyncSession {
  let vault: Vault
  let account: SignedInAccount
  let client: StorageClient
  let environment: StorageEnvironment
  private let lock: PullLock
  private let context: SyncContext

  /// - Parameter mayBeCovered: whether another run's success while this one waits is as good, unless changes wait.
  /// - Returns: `nil` if another run covered this one.
  /// - Throws: `VaultError`, `PromptError`, `DocumentError`.
  static func open(_ context: SyncContext, mayBeCovered: Bool = true) throws -> SyncSession? {
    try context.directory.check()
    let lock = try PullLock.take(context.directory, now: context.clock.now)
    let session: SyncSession
    do {
      session = try SyncSession(lock, context)
    } catch {
      lock.release()
      throw error
    }
    // From here on the session lets go of the lock.
    return try mayBeCovered && lock.isCovered && session.vault.outboxCount() == 0 ? nil : session
  }

  private init(_ lock: PullLock, _ context: SyncContext) throws {
    self.lock = lock
    self.context = context
    vault = try context.unlockedVault(.writing)
    account = try context.account(in: vault)
    let source = VaultCredentialsSource(
      StorageCredentialsProvider(account: account, documents: vault, transport: context.transport))
    environment = StorageEnvironment(
      transport: context.transport, random: SystemRandom(), now: context.clock.now,
      sleep: { usleep(UInt32(clamping: $0 * 1000)) })
    let client = StorageClient(environment: environment, credentials: source, documents: vault)
    self.client = client
    source.noteBackoff = { try client.backoff.note(seconds: $0, now: context.clock.now()) }
  }

  deinit { lock.release() }

  /// Fetches what is new and uploads what was changed here.
  ///
  /// - Parameter isShown: whether progress is shown on a terminal.
  /// - Throws: what `Push` throws.
  func synchronize(isShown: Bool) throws -> PushResult {
    var pull = Pull(
      client: client, syncKey: try SyncKeyBundle(syncKey: account.syncKey.key), mirror: vault,
      now: context.clock.now)
    let progress = ProgressLine(isShown: isShown && isatty(2) == 1)
    pull.progress = { records, expected in
      progress.show(expected.map { "\(records) of \($0) records" } ?? "\(records) records")
    }
    defer { progress.clear() }
    let result = try Push(pull: pull, client: client, mirror: vault, environment: environment).run()
    lock.notePulled()
    return result
  }
}
