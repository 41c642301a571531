import LockwiseAccounts
import LockwiseCore

/// Updates the vault from the logins of a local profile. Writes nothing to the profile.
///
/// Changes made here have precedence over the profile's until the profile's own password changes later. Logins, sync state
/// and source change together in one `MirrorUpdate`; if anything fails before its commit, the vault is unchanged.
package struct LocalPull {
  /// Called with the number of logins read so far and their total.
  package var progress: (_ logins: Int, _ expected: Int) -> Void = { _, _ in }
  /// Called before each login and before the commit; returns whether to stop.
  package var shouldStop: () -> Bool = { false }

  private let source: LocalSource
  private let mirror: any LoginMirror
  private let now: () -> Milliseconds

  /// Creates a pull; nothing is read yet.
  ///
  /// - Parameters:
  ///   - source: the profile, as the vault stores it.
  ///   - mirror: the vault.
  ///   - now: this machine's time.
  package init(source: LocalSource, mirror: any LoginMirror, now: @escaping () -> Milliseconds) {
    self.source = source
    self.mirror = mirror
    self.now = now
  }

  /// Runs the pull. If the profile's files are those of the last pull, reads and writes nothing.
  ///
  /// - Parameters:
  ///   - places: directories for a short-lived copy of a database that Firefox is writing, in order of preference.
  ///   - unlock: returns the profile's key; is given the profile's logins and the kept key.
  /// - Returns: the changes.
  /// - Throws: `FirefoxError`, `PullError.interrupted`, and the errors of `unlock`, the vault and libcrypto.
  package func run(
    copyIn places: [String], unlock: (ProfileLogins, _ kept: SecretBytes?) throws -> ProfileKey
  ) throws -> PullResult {
    let started = now()
    if !mirror.isKnownToBeDamaged, let files = source.files, files == ProfileVersion.of(source.directory) {
      return try unchanged()
    }
    let logins = try ProfileLogins(of: source.directory, copyIn: places)
    return try read(logins, with: unlock(logins, source.key), started: started)
  }

  private func unchanged() throws -> PullResult {
    let state = try mirror.syncState()
    var result = PullResult()
    result.totalLogins = state.loginCount
    result.totalSetAside = state.setAsideCount
    return result
  }

  /// Applies the logins of a profile.
  ///
  /// - Parameters:
  ///   - logins: the profile's logins.
  ///   - key: the profile's key.
  ///   - started: the start of the pull.
  /// - Returns: the changes.
  /// - Throws: `FirefoxError`, `PullError.interrupted`, and the errors of the vault and libcrypto.
  package func read(_ logins: ProfileLogins, with key: ProfileKey, started: Milliseconds) throws -> PullResult {
    try apply(Reading(count: logins.count, version: logins.version) { try logins.forEach(key, $0) }, started)
  }

  /// The logins of a profile at one moment.
  struct Reading {
    let count: Int
    /// The versions of the profile's files.
    let version: ProfileVersion
    /// Calls a closure with each login.
    let forEach: ((ProfileLogin) throws -> Void) throws -> Void
  }

  /// Applies the logins of a profile, and repairs the vault if it is damaged.
  func apply(_ reading: Reading, _ started: Milliseconds) throws -> PullResult {
    let repairs = mirror.isKnownToBeDamaged
    do {
      return try apply(reading, started, repairs: repairs)
    } catch VaultError.damaged where !repairs {
      return try apply(reading, started, repairs: true)
    }
  }

  private func apply(_ reading: Reading, _ started: Milliseconds, repairs: Bool) throws -> PullResult {
    let update = try mirror.beginMirrorUpdate()
    var result = PullResult()
    if repairs { result.repair = try update.repair() }
    var state = (try? update.syncState()) ?? SyncState()
    let isFirst = state.lastSuccess == nil || state.endpoint != source.endpoint
    if state.endpoint != source.endpoint {
      state = state.forgettingServer()
      state.endpoint = source.endpoint
    }
    result.extent = isFirst ? .everything : .changes
    var incoming = try IncomingRecords(
      update: update, source: .profile, clockOffset: 0, now: started, isServerNew: state.isServerNew,
      duplicates: DuplicateTracker(known: [], isWhole: true))
    try update.removeSetAside()
    try receive(reading, &incoming, &result)
    result.removed += try incoming.finishWholeDownload(now: started)
    try incoming.mergeDuplicates(isWhole: true)
    result.merged = incoming.merged
    state.isServerNew = false
    try finish(update, state, &result, files: reading.version, started)
    return result
  }

  /// Applies each login of the profile that differs from the vault's.
  private func receive(
    _ reading: Reading, _ incoming: inout IncomingRecords, _ result: inout PullResult
  ) throws {
    var count = 0
    try reading.forEach { login in
      if shouldStop() { throw PullError.interrupted }
      switch login {
      case .login(let login): try receive(login, &incoming, &result)
      case .refused(let id, let reason):
        incoming.note(id)
        let record = SetAsideRecord(id: id, reason: reason, modified: 0)
        // The older valid copy is better than none.
        if try incoming.update.setAside(record, replacesLogin: false) { result.keptOlder += 1 }
        result.setAside += 1
      }
      count += 1
      progress(count, reading.count)
    }
    if shouldStop() { throw PullError.interrupted }
  }

  private func receive(_ login: LoginRecord, _ incoming: inout IncomingRecords, _ result: inout PullResult) throws {
    guard try !incoming.hasUnchanged(login) else {
      incoming.note(login.guid)
      return
    }
    // The profile does not record when it changed anything else.
    let written = Timestamp(hundredths: login.timePasswordChanged.rawValue / 10)
    if try incoming.take(login, written: written), result.extent == .changes {
      result.changed += 1
    } else {
      result.added += 1
    }
  }

  private func finish(
    _ update: any MirrorUpdate, _ state: SyncState, _ result: inout PullResult, files: ProfileVersion,
    _ started: Milliseconds
  ) throws {
    var state = state
    let counts = try update.counts()
    state.loginCount = counts.logins
    state.setAsideCount = counts.setAside
    state.lastAttempt = started
    state.lastSuccess = started
    state.notices = []
    var source = source
    source.files = files
    try update.setDocument(.syncState, to: state.text)
    try update.setDocument(LocalSource.documentName, to: source.document())
    try update.commit()
    result.totalLogins = counts.logins
    result.totalSetAside = counts.setAside
  }
}
