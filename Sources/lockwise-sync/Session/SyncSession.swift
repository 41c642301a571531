import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// An unlocked vault and its account's storage, one run at a time.
final class SyncSession {
  private let storage: StorageSession
  private let lock: PullLock
  private let context: SyncContext

  var vault: Vault { storage.vault }

  /// - Parameters:
  ///   - mayBeCovered: whether another run's success while this one waits replaces it, unless changes wait.
  ///   - yields: whether another run that is already waiting replaces it.
  /// - Returns: `nil` if another run replaces this one.
  /// - Throws: `VaultError`, `PromptError`, `DocumentError`.
  static func open(_ context: SyncContext, mayBeCovered: Bool = true, yields: Bool = false) throws -> SyncSession? {
    try context.directory.check()
    guard let lock = try PullLock.acquire(context.directory, now: context.clock.now, yields: yields) else { return nil }
    let session: SyncSession
    do {
      session = try SyncSession(lock, context)
    } catch {
      lock.release()
      throw error
    }
    // From here on the session releases the lock.
    guard mayBeCovered, lock.isCovered else { return session }
    // Permanently refused changes wait forever.
    return try session.vault.outbox().allSatisfy { $0.refusal != nil } ? nil : session
  }

  private init(_ lock: PullLock, _ context: SyncContext) throws {
    self.lock = lock
    self.context = context
    storage = try StorageSession(context)
  }

  deinit { lock.release() }

  /// Fetches new records and uploads local changes.
  ///
  /// - Parameter isShown: whether progress is shown on a terminal.
  /// - Throws: the errors of `Push`.
  func synchronize(isShown: Bool) throws -> PushResult {
    let client = storage.client
    var pull = Pull(client: client, syncKey: storage.syncKey, mirror: vault, now: context.clock.now)
    pull.stagingDirectory = context.directory.path
    let progress = ProgressLine(isShown: isShown && isatty(2) == 1)
    pull.progress = { records, expected in
      progress.show(expected.map { "\(records) of \(Quantity.of($0, "record"))" } ?? Quantity.of(records, "record"))
    }
    defer { progress.clear() }
    let result = try Push(pull: pull, client: client, mirror: vault, environment: storage.environment).run()
    lock.notePulled()
    return result
  }
}
