import LockwiseAccounts
import LockwiseCore

/// Brings the vault's copy of the passwords collection up to date. Writes nothing to the server.
///
/// The copy and the sync state change together in one `MirrorUpdate` that is committed last; whatever happens
/// before, the vault stays as it was (only the time of the last attempt is noted).
public struct Pull {
  /// Is told how many records have been read so far and how many there are, if that is known. After a restart it
  /// begins at 0 again.
  public var progress: (_ records: Int, _ expected: Int?) -> Void = { _, _ in }
  /// Where a download is kept until it is complete, if the server is slow; `nil`: in memory. It is encrypted as on the
  /// server, in a file without a name.
  public var stagingDirectory: String?
  /// Is asked before every request, after every page and before the commit whether to stop.
  public var shouldStop: () -> Bool = { false }

  private let client: StorageClient
  private let syncKey: SyncKeyBundle
  private let mirror: any LoginMirror
  private let now: () -> Int64

  /// How often a pull starts again when the server's data changes while it is read.
  static let maximumRestarts = 3

  /// Makes a pull; nothing is sent or read yet.
  ///
  /// - Parameters:
  ///   - client: the account's storage; its backoff has to be kept in `mirror`.
  ///   - syncKey: the account's Sync key.
  ///   - mirror: the vault.
  ///   - now: our clock, milliseconds since 1970.
  public init(
    client: StorageClient, syncKey: SyncKeyBundle, mirror: any LoginMirror, now: @escaping () -> Int64
  ) {
    self.client = client
    self.syncKey = syncKey
    self.mirror = mirror
    self.now = now
  }

  /// Pulls.
  ///
  /// - Returns: what changed.
  /// - Throws: `PullError`, `StorageError`, and what the credentials' source, the vault and libcrypto throw.
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
      // A vault that is damaged beyond repair is left as it is.
      if error is VaultError { throw error }
      // What stopped the pull matters more than whether these two can be written.
      try? client.backoff.save()
      try? noteAttempt(at: started)
      // A transport that is told to stop as well ends its request without an answer.
      if case StorageError.network = error, shouldStop() { throw PullError.interrupted }
      throw error
    }
  }

  private func rounds(started: Int64) throws -> PullResult {
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

  private func noteAttempt(at time: Int64) throws {
    var state = try mirror.syncState()
    state.lastAttempt = time
    try mirror.setDocument(.syncState, to: state.document())
  }
}
