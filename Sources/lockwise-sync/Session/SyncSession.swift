import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// An unlocked vault and the source of its logins, one run at a time.
final class SyncSession {
  /// Where the logins come from.
  let source: VaultSource
  let vault: Vault
  private let lock: PullLock
  private let context: SyncContext
  /// The account's storage, one for all calls: a server's wish for fewer requests holds from the next session on.
  private var storage: StorageSession?

  /// - Parameters:
  ///   - vault: the vault if it is unlocked and writable; `nil` to unlock it.
  ///   - mayBeCovered: whether another run's success while this one waits replaces it, unless changes wait.
  ///   - yields: whether another run that is already waiting replaces it.
  /// - Returns: `nil` if another run replaces this one.
  /// - Throws: `VaultError`, `PromptError`, `DocumentError`.
  static func open(
    _ context: SyncContext, vault: Vault? = nil, mayBeCovered: Bool = true, yields: Bool = false
  ) throws -> SyncSession? {
    try context.directory.check()
    guard let lock = try PullLock.acquire(context.directory, now: context.clock.now, yields: yields) else { return nil }
    let session: SyncSession
    do {
      session = try SyncSession(lock, vault, context)
    } catch {
      lock.release()
      throw error
    }
    // From here on the session releases the lock.
    guard mayBeCovered, lock.isCovered else { return session }
    // Permanently refused changes wait forever.
    return try session.vault.outbox().allSatisfy { $0.refusal != nil } ? nil : session
  }

  private init(_ lock: PullLock, _ vault: Vault?, _ context: SyncContext) throws {
    self.lock = lock
    self.context = context
    self.vault = try vault ?? context.unlockedVault(.writing)
    source = try context.source(of: self.vault)
  }

  deinit { lock.release() }

  /// Fetches new records and uploads local changes. If the logins come from a profile, reads it.
  ///
  /// - Parameters:
  ///   - isShown: whether progress is shown on a terminal.
  ///   - password: the source of a profile's primary password.
  /// - Throws: the errors of `Push`, or those of `LocalPull`.
  func synchronize(isShown: Bool, _ password: PrimaryPassword? = nil) throws -> PushResult {
    let result =
      switch source {
      case .account(let account): try synchronize(with: account, isShown: isShown)
      case .profile(let profile): try read(profile, isShown: isShown, password ?? PrimaryPassword(context))
      }
    lock.notePulled()
    return result
  }

  private func read(_ profile: LocalSource, isShown: Bool, _ password: PrimaryPassword) throws -> PushResult {
    var pull = LocalPull(source: profile, mirror: vault, now: context.clock.now)
    let progress = ProgressLine(isShown: isShown && isatty(2) == 1)
    pull.progress = { logins, expected in
      // Each is shown for about a millisecond otherwise.
      if logins % 100 == 0 { progress.show("\(logins) of \(Quantity.of(expected, "login"))") }
    }
    defer { progress.clear() }
    let result = try pull.run(copyIn: context.placesForCopies) { logins, kept in
      try password.key(of: logins, kept: kept, profile: profile.name)
    }
    return PushResult(pull: result, waiting: try vault.outboxCount(), logins: try vault.loginCount())
  }

  private func synchronize(with account: SignedInAccount, isShown: Bool) throws -> PushResult {
    let storage = try self.storage ?? StorageSession(vault, account, context)
    self.storage = storage
    let client = storage.client
    var pull = Pull(client: client, syncKey: storage.syncKey, mirror: vault, now: context.clock.now)
    pull.stagingDirectory = context.directory.path
    let progress = ProgressLine(isShown: isShown && isatty(2) == 1)
    pull.progress = { records, expected in
      progress.show(expected.map { "\(records) of \(Quantity.of($0, "record"))" } ?? Quantity.of(records, "record"))
    }
    defer { progress.clear() }
    return try Push(pull: pull, client: client, mirror: vault, environment: storage.environment).run()
  }
}

/// A line on a terminal that is overwritten by the next. Not shown in a pipe.
struct ProgressLine {
  let isShown: Bool

  /// Replaces the shown text.
  func show(_ text: String) {
    // EL, erase in line (ECMA-48 section 8.3.41).
    if isShown { Diagnostics.toStandardError("\r\u{1B}[K\(Program.name): \(text)") }
  }

  /// Removes the line.
  func clear() { if isShown { Diagnostics.toStandardError("\r\u{1B}[K") } }
}
