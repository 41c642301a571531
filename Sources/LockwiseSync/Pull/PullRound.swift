import LockwiseCore

/// One try at a pull, from the change test to the commit.
final class PullRound {
  /// What a round is to do differently after an earlier one failed.
  struct Options {
    /// When the pull began, by our clock.
    var started: Int64
    /// Records a request. 1000 is what Firefox asks for.
    var pageSize = 1000
    /// Whether an earlier round was given up: then the server is asked for everything that decides what to do.
    var isAfresh = false
    /// Whether `crypto/keys` was read again because of a wrong HMAC: once in a pull is enough.
    var areKeysReread = false
  }

  /// Why a round has to be given up and begun again.
  enum Restart: Error {
    /// The collection was written to, or set up anew, between two of our requests.
    case changedMeanwhile
    /// The collection's keys are others than we thought.
    case keysChanged
  }

  private enum Download {
    case nothing
    case changes(since: Timestamp)
    case everything(replacing: Bool)
  }

  private static let collection = "passwords"
  private static let configurationLifetime: Int64 = 24 * 3600 * 1000

  private let client: StorageClient
  private let syncKey: SyncKeyBundle
  private let mirror: any LoginMirror
  private var options: Options
  private let progress: (Int, Int?) -> Void
  private let shouldStop: () -> Bool

  private var stored = SyncState()
  private var state = SyncState()
  private var result = PullResult()
  private var isNewGeneration = false

  init(
    client: StorageClient, syncKey: SyncKeyBundle, mirror: any LoginMirror, options: Options,
    progress: @escaping (Int, Int?) -> Void, shouldStop: @escaping () -> Bool
  ) {
    self.client = client
    self.syncKey = syncKey
    self.mirror = mirror
    self.options = options
    self.progress = progress
    self.shouldStop = shouldStop
  }

  func run() throws -> PullResult {
    try checkStop()
    let endpoint = try client.connect()
    stored = try mirror.syncState()
    state = stored
    if stored.endpoint != endpoint {
      state = stored.forgettingServer()
      state.endpoint = endpoint
    }
    try checkStop()
    let fetched = try client.collectionTimes(ifModifiedSince: options.isAfresh ? nil : state.storageTime)
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

  private func checkStop() throws {
    if shouldStop() { throw PullError.interrupted }
  }

  private func isUnchanged(_ times: CollectionTimes) -> Bool {
    !options.isAfresh && state.lastSuccess != nil && state.keys != nil && state.globalSyncID != nil
      && state.metaTime != nil && times.collections["meta"] == state.metaTime
      && times.collections["crypto"] == state.cryptoTime
      && times.collections[Self.collection] == state.passwordsTime
  }
}

// MARK: - What decides

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

  /// `meta/global` is read whenever anything changed in a way that is going to cost requests anyway: its notices
  /// and generations decide about the rest.
  private func readMetaGlobal(_ times: CollectionTimes) throws {
    let time = times.collections["meta"]
    if !options.isAfresh, let time, time == state.metaTime, state.globalSyncID != nil {
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
    if !options.isAfresh, !isNewGeneration, let time, time == state.cryptoTime, state.keys != nil { return }
    let keys = try fetchKeys()
    if let known = state.keys, known.bundle(for: Self.collection) != keys.bundle(for: Self.collection) {
      isNewGeneration = true
    }
    state.cryptoTime = time
    state.keys = keys
  }

  private func fetchKeys() throws -> CollectionKeys {
    try checkStop()
    return try GlobalRecords(client: client).keys(syncKey)
  }

  private func plan(_ times: CollectionTimes) throws -> Download {
    if isNewGeneration {
      state.passwordsTime = nil
      state.isServerNew = true
    }
    guard let listed = times.collections[Self.collection] else {
      // As a Firefox does that finds a storage without its logins; one that is just setting it up names the engine last.
      if state.isServerNew, state.notices.allSatisfy(\.allowsUploads) { return .everything(replacing: true) }
      // A record that merely vanishes stays in Firefox, so it stays here. The next download replaces the copy if
      // that was due.
      if state.loginCount > 0 { note(.passwordsVanished) }
      return .nothing
    }
    guard let known = state.passwordsTime else { return .everything(replacing: true) }
    if listed == known { return .nothing }
    // The collection is older than our copy: the server was set back. Its records count, but what it does not
    // mention any more has merely vanished.
    return listed < known ? .everything(replacing: false) : .changes(since: known)
  }

  private func note(_ notice: PullNotice) {
    if !state.notices.contains(notice) { state.notices.append(notice) }
  }
}

// MARK: - Download

extension PullRound {
  private func download(newer: Timestamp?, listed: Timestamp?, replacing: Bool) throws -> PullResult {
    result.extent = newer == nil ? .everything : .changes
    var query = StorageQuery()
    query.newer = newer
    query.limit = options.pageSize
    query.order = .oldest
    var records = 0
    try checkStop()
    guard var page = try client.records(in: Self.collection, query).value else {
      throw Restart.changedMeanwhile
    }
    let time = page.lastModified
    // Older than what info/collections said a moment ago: somebody is setting up the storage anew.
    if let listed, time < listed { throw Restart.changedMeanwhile }
    // Only now, so that the usual pull of one page does not hold up other writers during a request.
    client.backoff.isHeld = true
    let update = try mirror.beginMirrorUpdate()
    var incoming = try IncomingRecords(
      update: update, clockOffset: client.clockOffset, isServerNew: state.isServerNew,
      twins: Twins(known: state.twins, isWhole: replacing))
    if replacing { try update.removeSetAside() }
    while true {
      try apply(page, to: update, &incoming)
      records += page.records.count
      let announced = page.announced.flatMap { Int(exactly: $0) } ?? 0
      progress(records, page.nextOffset == nil ? records : announced > records ? announced : nil)
      try checkStop()
      guard let offset = page.nextOffset else { break }
      query.offset = offset
      guard let next = try client.records(in: Self.collection, query, .unmodifiedSince(time)).value,
        next.lastModified == time
      else { throw Restart.changedMeanwhile }
      page = next
    }
    if replacing {
      result.removed += try incoming.finishWholeDownload(now: options.started)
    }
    try incoming.uniteDoubles(isWhole: replacing)
    let seen = incoming.seen
    result.removed += try incoming.dropVanishedTwins {
      try replacing ? seen.intersection($0) : present($0, at: time)
    }
    result.merged = incoming.merged
    state.twins = incoming.twins.known.sorted()
    if replacing { state.isServerNew = false }
    state.passwordsTime = time
    let counts = try update.counts()
    state.loginCount = counts.logins
    state.setAsideCount = counts.setAside
    try update.setDocument(.syncState, to: finish().document())
    try update.commit()
    return result
  }

  /// Which of some ids the server has, asked for by as many as a request takes (Sync storage API 1.5, `ids`).
  private func present(_ guids: [String], at time: Timestamp) throws -> Set<String> {
    var present: Set<String> = []
    var rest = guids[...]
    while !rest.isEmpty {
      try checkStop()
      var query = StorageQuery()
      query.ids = Array(rest.prefix(100))
      rest = rest.dropFirst(100)
      present.formUnion(try client.ids(in: Self.collection, query, .unmodifiedSince(time)).ids)
    }
    return present
  }

  private func apply(
    _ page: RecordPage, to update: any MirrorUpdate, _ incoming: inout IncomingRecords
  ) throws {
    guard let bundle = state.keys?.bundle(for: Self.collection) else { throw PullError.noKeys }
    let reader = try RecordReader(bundle: bundle)
    for record in page.records {
      switch try reader.read(record) {
      case .login(let login):
        let written = record.modified ?? page.lastModified
        let wasThere = try incoming.take(login, written: written)
        // Of a whole download the old copy does not count.
        if wasThere, result.extent == .changes { result.changed += 1 } else { result.added += 1 }
      case .tombstone(let other):
        let written = record.modified ?? page.lastModified
        if try incoming.takeTombstone(record.id, unitedWith: other, written: written) { result.removed += 1 }
      case .ignored:
        try update.remove(guid: record.id)
      case .wrongMAC:
        try rereadKeysOnce(bundle)
        incoming.note(record.id)
        try setAside(record, reason: RecordCipherError.wrongMAC.description, in: update, page)
      case .bad(let reason):
        incoming.note(record.id)
        try setAside(record, reason: reason, in: update, page)
      }
    }
  }

  private func rereadKeysOnce(_ bundle: SyncKeyBundle) throws {
    guard !options.areKeysReread else { return }
    options.areKeysReread = true
    if try fetchKeys().bundle(for: Self.collection) != bundle { throw Restart.keysChanged }
  }

  private func setAside(
    _ record: BSO, reason: String, in update: any MirrorUpdate, _ page: RecordPage
  ) throws {
    let entry = SetAsideRecord(
      id: record.id, reason: reason, modified: (record.modified ?? page.lastModified).hundredths)
    // The older good copy is more use than none, and Firefox too keeps its own when an update is bad.
    if try update.setAside(entry, replacesLogin: false) { result.keptOlder += 1 }
    result.setAside += 1
  }
}

// MARK: - End

extension PullRound {
  private func finishWithoutDownload() throws -> PullResult {
    try checkStop()
    try mirror.setDocument(.syncState, to: finish().document())
    return result
  }

  private func finish() -> SyncState {
    state.lastAttempt = options.started
    state.lastSuccess = options.started
    result.totalLogins = state.loginCount
    result.totalSetAside = state.setAsideCount
    result.notices = state.notices
    return state
  }
}
