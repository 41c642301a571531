import LockwiseAccounts
import LockwiseCore

/// Updates the vault's copy of the passwords collection. Writes nothing to the server.
///
/// The copy and the sync state change together in one `MirrorUpdate` that is committed last. If anything fails before,
/// the vault is unchanged, except for the time of the last attempt.
public struct Pull {
  /// Called with the number of records read so far and the total, if known. After a restart it begins at 0 again.
  public var progress: (_ records: Int, _ expected: Int?) -> Void = { _, _ in }
  /// The directory for a download until it is complete, if the server is slow; `nil` for memory. It is encrypted as on
  /// the server, in a file without a name.
  public var stagingDirectory: String?
  /// Called before every request, after every page and before the commit; returns whether to stop.
  public var shouldStop: () -> Bool = { false }

  private let client: StorageClient
  private let syncKey: SyncKeyBundle
  private let mirror: any LoginMirror
  private let now: () -> Milliseconds

  /// The number of restarts when the server's data changes while it is read.
  static let maximumRestarts = 3

  /// Creates a pull; nothing is sent or read yet.
  ///
  /// - Parameters:
  ///   - client: the account's storage; its backoff has to be kept in `mirror`.
  ///   - syncKey: the account's Sync key.
  ///   - mirror: the vault.
  ///   - now: this machine's time.
  public init(
    client: StorageClient, syncKey: SyncKeyBundle, mirror: any LoginMirror, now: @escaping () -> Milliseconds
  ) {
    self.client = client
    self.syncKey = syncKey
    self.mirror = mirror
    self.now = now
  }

  /// Runs the pull.
  ///
  /// - Returns: the changes.
  /// - Throws: `PullError`, `StorageError`, and the errors of the credentials' source, the vault and libcrypto.
  public func run() throws -> PullResult {
    let started = now()
    let requestsBefore = client.requestCount
    do {
      var result = try rounds(started: started)
      client.backoff.isHeld = false
      try client.backoff.save()
      result.requests = client.requestCount - requestsBefore
      result.alert = client.alert
      return result
    } catch {
      client.backoff.isHeld = false
      // A vault that cannot be repaired is left unchanged.
      if error is VaultError { throw error }
      // The error of the pull matters more than whether these two can be written.
      try? client.backoff.save()
      try? noteAttempt(at: started)
      // An interrupted transport ends its request without a response.
      if case StorageError.network = error, shouldStop() { throw PullError.interrupted }
      throw error
    }
  }

  private func rounds(started: Milliseconds) throws -> PullResult {
    var options = PullRound.Options(started: started, stagingDirectory: stagingDirectory)
    options.repairs = mirror.isKnownToBeDamaged
    for _ in 0...Self.maximumRestarts {
      let round = PullRound(
        client: client, syncKey: syncKey, mirror: mirror, options: options, progress: progress,
        shouldStop: shouldStop, now: now)
      do {
        return try round.run()
      } catch PullRound.Restart.changedMeanwhile {
        options.ignoresCache = true
      } catch StorageError.preconditionFailed, StorageError.endpointChanged {
        options.ignoresCache = true
      } catch PullRound.Restart.keysChanged {
        options.ignoresCache = true
        options.areKeysReread = true
      } catch VaultError.damaged where !options.repairs {
        options.ignoresCache = true
        options.repairs = true
      } catch StorageError.network(.tooLarge) where options.pageSize > 1 {
        options.ignoresCache = true
        options.pageSize /= 10
      }
      client.backoff.isHeld = false
    }
    throw PullError.keepsChanging
  }

  private func noteAttempt(at time: Milliseconds) throws {
    var state = try mirror.syncState()
    state.lastAttempt = time
    try mirror.setDocument(.syncState, to: state.text)
  }
}
