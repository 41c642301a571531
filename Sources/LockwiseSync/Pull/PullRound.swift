import LockwiseCore

/// One try at a pull, from the change test to the commit.
final class PullRound {
  /// The adjustments of a round after an earlier one failed.
  struct Options {
    /// The start of the pull, by this machine's clock.
    var started: Milliseconds
    /// The number of records in a request. Firefox uses 1000.
    var pageSize = 1000
    /// Whether an earlier round was restarted: the server is then asked for everything that affects the decision.
    var ignoresCache = false
    /// Whether `crypto/keys` was read again because of a wrong HMAC: once in a pull is enough.
    var areKeysReread = false
    /// Whether damaged parts of the vault are replaced by a full download.
    var repairs = false
    /// The directory for pages of a slow server; `nil` for memory.
    var stagingDirectory: String?
  }

  /// A reason to restart a round.
  enum Restart: Error {
    /// The collection was changed or set up again between two requests.
    case changedMeanwhile
    /// The collection's keys have changed.
    case keysChanged
  }

  private enum Download {
    case nothing
    case changes(since: Timestamp)
    case everything(replacing: Bool)
  }

  static let collection = "passwords"
  private static let configurationLifetime: Milliseconds = 86_400_000

  let client: StorageClient
  private let syncKey: SyncKeyBundle
  let mirror: any LoginMirror
  var options: Options
  let progress: (Int, Int?) -> Void
  private let shouldStop: () -> Bool
  let now: () -> Milliseconds

  private var stored = SyncState()
  var state = SyncState()
  var result = PullResult()
  private var isNewGeneration = false

  init(
    client: StorageClient, syncKey: SyncKeyBundle, mirror: any LoginMirror, options: Options,
    progress: @escaping (Int, Int?) -> Void, shouldStop: @escaping () -> Bool, now: @escaping () -> Milliseconds
  ) {
    self.client = client
    self.syncKey = syncKey
    self.mirror = mirror
    self.options = options
    self.progress = progress
    self.shouldStop = shouldStop
    self.now = now
  }

  func run() throws -> PullResult {
    try checkStop()
    let endpoint = try client.connect()
    stored = options.repairs ? (try? mirror.syncState()) ?? SyncState() : try mirror.syncState()
    state = stored
    if stored.endpoint != endpoint || options.repairs {
      state = stored.forgettingServer()
      if stored.endpoint == endpoint { state.isServerNew = stored.isServerNew }
      state.endpoint = endpoint
    }
    try checkStop()
    let fetched = try client.collectionTimes(ifModifiedSince: options.ignoresCache ? nil : state.storageTime)
    guard let times = fetched.value else { return try finishWithoutDownload() }
    if !isUnchanged(times) {
      state.notices = []
      try readConfiguration()
      try readMetaGlobal(times)
      try readKeys(times)
    }
    state.storageTime = times.lastModified
    switch try plan(times) {
    case .nothing: return try finishWithoutDownload()
    case .changes(let time):
      return try download(newer: time, listed: times.collections[Self.collection], replacing: false)
    case .everything(let replacing):
      return try download(newer: nil, listed: times.collections[Self.collection], replacing: replacing)
    }
  }

  func checkStop() throws {
    if shouldStop() { throw PullError.interrupted }
  }

  private func isUnchanged(_ times: CollectionTimes) -> Bool {
    !options.ignoresCache && state.lastSuccess != nil && state.keys != nil && state.globalSyncID != nil
      && state.metaTime != nil && times.collections["meta"] == state.metaTime
      && times.collections["crypto"] == state.cryptoTime
      && times.collections[Self.collection] == state.passwordsTime
  }
}

// MARK: - Decision

extension PullRound {
  private func readConfiguration() throws {
    if let fetched = state.configurationFetched, state.configuration != nil,
      (0..<Self.configurationLifetime).contains(options.started - fetched)
    {
      return
    }
    try checkStop()
    state.configuration = try client.configuration()
    state.configurationFetched = options.started
  }

  /// `meta/global` is read whenever a change requires other requests anyway: its notices and generations determine the
  /// rest.
  private func readMetaGlobal(_ times: CollectionTimes) throws {
    let time = times.collections["meta"]
    if !options.ignoresCache, let time, time == state.metaTime, state.globalSyncID != nil {
      state.notices = stored.notices.filter { $0 != .passwordsVanished }
      return
    }
    try checkStop()
    let (meta, syncID) = try GlobalRecords(client: client).meta()
    let engine = try passwordsEngine(meta, syncID: syncID)
    if let version = engine?.version, version > 1 { throw PullError.passwordsTooNew(version: version) }
    if let known = state.globalSyncID, known != syncID || state.passwordsSyncID != engine?.syncID {
      isNewGeneration = true
    }
    state.metaTime = time
    state.globalSyncID = syncID
    state.passwordsSyncID = engine?.syncID
  }

  private func passwordsEngine(_ meta: MetaGlobal, syncID: String) throws -> MetaGlobal.Engine? {
    if meta.declined.contains(Self.collection) {
      state.notices.append(.passwordsDeclined)
      return meta.engines[Self.collection]
    }
    if let engine = meta.engines[Self.collection] { return engine }
    try checkStop()
    let published = try client.record("syncids", in: "meta").value?.payload
    let engines = published.map { MetaGlobal.enginesOfSyncIDs(payload: $0, syncID: syncID) } ?? [:]
    if engines[Self.collection] == nil { state.notices.append(.passwordsNotSynced) }
    return engines[Self.collection]
  }

  private func readKeys(_ times: CollectionTimes) throws {
    let time = times.collections["crypto"]
    if !options.ignoresCache, !isNewGeneration, let time, time == state.cryptoTime, state.keys != nil { return }
    let keys = try fetchKeys()
    if let known = state.keys, known.bundle(for: Self.collection) != keys.bundle(for: Self.collection) {
      isNewGeneration = true
    }
    state.cryptoTime = time
    state.keys = keys
  }

  func fetchKeys() throws -> CollectionKeys {
    try checkStop()
    return try GlobalRecords(client: client).keys(syncKey)
  }

  private func plan(_ times: CollectionTimes) throws -> Download {
    if isNewGeneration {
      state.passwordsTime = nil
      state.isServerNew = true
    }
    guard let listed = times.collections[Self.collection] else {
      // As Firefox does for a storage without its logins; a client that is setting it up names the engine last.
      if state.isServerNew, state.notices.allSatisfy(\.allowsUploads) { return .everything(replacing: true) }
      // A record that vanishes without a tombstone stays in Firefox, so it stays here. The next download replaces the
      // copy if that was due.
      if state.loginCount > 0 { note(.passwordsVanished) }
      return .nothing
    }
    guard let known = state.passwordsTime else { return .everything(replacing: true) }
    if listed == known { return .nothing }
    // The collection is older than the vault's copy: the server was restored from a backup. Its records are used, but
    // those that it lacks have only vanished.
    return listed < known ? .everything(replacing: false) : .changes(since: known)
  }

  private func note(_ notice: PullNotice) {
    if !state.notices.contains(notice) { state.notices.append(notice) }
  }
}

// MARK: - End

extension PullRound {
  private func finishWithoutDownload() throws -> PullResult {
    try checkStop()
    state = finish(state)
    if options.repairs {
      // The server no longer has any passwords: the intact logins stay.
      let update = try mirror.beginMirrorUpdate()
      result.repair = try update.repair()
      state.loginCount = try update.counts().logins
      state.setAsideCount = try update.counts().setAside
      try update.setDocument(.syncState, to: state.text)
      try update.commit()
    } else {
      try mirror.setDocument(.syncState, to: state.text)
    }
    finishResult()
    return result
  }

  /// Returns the state after a successful pull.
  func finish(_ state: SyncState) -> SyncState {
    var state = state
    state.lastAttempt = options.started
    state.lastSuccess = options.started
    return state
  }

  func finishResult() {
    result.totalLogins = state.loginCount
    result.totalSetAside = state.setAsideCount
    result.notices = state.notices
  }
}
