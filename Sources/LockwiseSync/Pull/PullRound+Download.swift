import LockwiseCore

extension PullRound {
  /// The longest time for the first page, for the vault to be locked while others are fetched.
  private static let quickResponse: Milliseconds = 100
  /// The longest total time that the vault stays locked while waiting for pages.
  private static let quickDownload: Milliseconds = 250

  /// The longest time for one page while the vault is locked.
  private static let timeout: Milliseconds = 1000

  /// A reason to undo the applied changes and apply them again.
  private enum Undone: Error {
    /// The server makes other programs wait for the vault.
    case slowServer
    /// A record's MAC is wrong: other keys may have been made.
    case wrongMAC
  }

  /// Downloads the changes and commits them together with the state.
  ///
  /// The vault is not locked for others while waiting: from a slow server all pages are fetched before they are
  /// applied. With a fast one both overlap, which takes less time.
  func download(newer: Timestamp?, listed: Timestamp?, replacing: Bool) throws -> PullResult {
    var query = StorageQuery()
    query.newer = newer
    query.limit = options.pageSize
    query.order = .oldest
    try checkStop()
    let asked = now()
    guard let first = try client.page(in: Self.collection, query).value else { throw Restart.changedMeanwhile }
    // Older than the time from info/collections: another client is setting up the storage again.
    if let listed, first.lastModified < listed { throw Restart.changedMeanwhile }
    guard let bundle = state.keys?.bundle(for: Self.collection) else { throw PullError.noKeys }
    let hasMore = first.nextOffset != nil
    var staged = hasMore && now() - asked > Self.quickResponse ? try stage(from: first, query) : nil
    while true {
      result = PullResult()
      result.extent = newer == nil ? .everything : .changes
      do {
        let duplicates = try apply(from: first, query, staged, bundle, replacing: replacing)
        try dropVanished(duplicates, at: first.lastModified)
        finishResult()
        return result
      } catch let undone as Undone {
        client.backoff.isHeld = false
        if case .wrongMAC = undone {
          options.areKeysReread = true
          if try fetchKeys().bundle(for: Self.collection) != bundle { throw Restart.keysChanged }
        }
        if hasMore, staged == nil { staged = try stage(from: first, query) }
      }
    }
  }

  /// Fetches all pages.
  private func stage(from first: UnreadPage, _ query: StorageQuery) throws -> StagedPages {
    let staged = try StagedPages(in: options.stagingDirectory)
    var records = 0
    var page: UnreadPage? = first
    while let current = page {
      records += try current.read().records.count
      progress(records, nil)
      let next = try self.page(after: current, query)
      try staged.append(current)
      page = next
    }
    return staged
  }

  /// Returns the pages in order, from those fetched before or from the server.
  private func pages(
    from first: UnreadPage, _ query: StorageQuery, _ staged: StagedPages?, _ bundle: SyncKeyBundle
  ) -> ReadPages {
    if let staged {
      var index = 0
      return ReadPages(first: first, bundle: bundle) { _ in
        index += 1
        return try staged.page(index)
      }
    }
    var waited: Milliseconds = 0
    return ReadPages(first: first, bundle: bundle) { [self, query] current in
      let asked = now()
      let next: UnreadPage?
      do {
        next = try page(after: current, query, timeout: Self.timeout)
      } catch StorageError.network(.timedOut), StorageError.unauthorized, StorageError.serverTrouble {
        // The remedy must not run while the vault is locked.
        throw Undone.slowServer
      }
      waited += max(0, now() - asked)
      if next?.nextOffset != nil, waited > Self.quickDownload { throw Undone.slowServer }
      return next
    }
  }

  /// Applies the download in one update of the vault.
  ///
  /// - Returns: logins of which Firefox may have removed some from the server without a tombstone.
  private func apply(
    from first: UnreadPage, _ query: StorageQuery, _ staged: StagedPages?, _ bundle: SyncKeyBundle, replacing: Bool
  ) throws -> Set<String> {
    // From here on, so that changes written meanwhile are not undone with the update.
    client.backoff.isHeld = true
    defer { client.backoff.isHeld = false }
    let update = try mirror.beginMirrorUpdate()
    if options.repairs { result.repair = try update.repair() }
    var incoming = try IncomingRecords(
      update: update, clockOffset: client.clockOffset, now: options.started, isServerNew: state.isServerNew,
      duplicates: DuplicateTracker(known: state.duplicates, isWhole: replacing))
    if replacing { try update.removeSetAside() }
    var pages = pages(from: first, query, staged, bundle)
    var records = 0
    while let (page, readings) = try pages.next() {
      try apply(page, readings, to: update, &incoming)
      records += page.records.count
      if staged == nil {
        let announced = page.announced.flatMap { Int(exactly: $0) } ?? 0
        progress(records, page.nextOffset == nil ? records : announced > records ? announced : nil)
      }
      try checkStop()
    }
    if replacing { result.removed += try incoming.finishWholeDownload(now: options.started) }
    try incoming.mergeDuplicates(isWhole: replacing)
    var duplicates = try incoming.duplicatesOnServer()
    if replacing {
      if let seen = incoming.seen { result.removed += try incoming.dropVanished(of: duplicates, present: seen) }
      duplicates = []
    }
    result.merged = incoming.merged
    var state = state
    state.duplicates = incoming.duplicates.known.sorted()
    if replacing { state.isServerNew = false }
    state.passwordsTime = first.lastModified
    try commit(update, state)
    return duplicates
  }

  /// Drops the logins that were removed from the server without a tombstone because they had duplicates.
  private func dropVanished(_ duplicates: Set<String>, at time: Timestamp) throws {
    guard !duplicates.isEmpty else { return }
    let present = try present(duplicates.sorted(), at: time)
    guard !duplicates.isSubset(of: present) else { return }
    client.backoff.isHeld = true
    defer { client.backoff.isHeld = false }
    let update = try mirror.beginMirrorUpdate()
    var incoming = try IncomingRecords(
      update: update, clockOffset: client.clockOffset, now: options.started, isServerNew: false,
      duplicates: DuplicateTracker(known: state.duplicates, isWhole: false))
    result.removed += try incoming.dropVanished(of: duplicates, present: present)
    var state = state
    state.duplicates = incoming.duplicates.known.sorted()
    try commit(update, state)
  }

  private func commit(_ update: any MirrorUpdate, _ next: SyncState) throws {
    var next = next
    let counts = try update.counts()
    next.loginCount = counts.logins
    next.setAsideCount = counts.setAside
    next = finish(next)
    try update.setDocument(.syncState, to: next.text)
    try update.commit()
    state = next
  }

  /// Returns those of some ids that the server has, in as few requests as possible (Sync storage API 1.5, `ids`).
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

  private func page(after page: UnreadPage, _ query: StorageQuery, timeout: Milliseconds? = nil) throws -> UnreadPage? {
    var query = query
    guard let offset = page.nextOffset else { return nil }
    try checkStop()
    query.offset = offset
    let condition = StorageCondition.unmodifiedSince(page.lastModified)
    let next = try client.page(in: Self.collection, query, condition, timeout: timeout).value
    guard let next, next.lastModified == page.lastModified else { throw Restart.changedMeanwhile }
    query.offset = next.nextOffset
    if next.nextOffset != nil { try client.beginPage(in: Self.collection, query, condition, timeout: timeout) }
    return next
  }

  private func apply(
    _ page: RecordPage, _ readings: [RecordReader.Reading], to update: any MirrorUpdate,
    _ incoming: inout IncomingRecords
  ) throws {
    for (record, reading) in zip(page.records, readings) {
      switch reading {
      case .login(let login):
        let written = record.modified ?? page.lastModified
        let wasThere = try incoming.take(login, written: written)
        // A full download ignores the old copy.
        if wasThere, result.extent == .changes { result.changed += 1 } else { result.added += 1 }
      case .tombstone(let mark):
        let written = record.modified ?? page.lastModified
        if try incoming.takeTombstone(mark, guid: record.id, written: written) { result.removed += 1 }
      case .ignored:
        try incoming.remove(record.id, because: "replaced by a record that is not a login")
      case .wrongMAC:
        guard options.areKeysReread else { throw Undone.wrongMAC }
        incoming.note(record.id)
        try setAside(record, reason: RecordCipherError.wrongMAC.description, in: update, page)
      case .bad(let reason):
        incoming.note(record.id)
        try setAside(record, reason: reason, in: update, page)
      }
    }
  }

  private func setAside(
    _ record: BSO, reason: String, in update: any MirrorUpdate, _ page: RecordPage
  ) throws {
    let entry = SetAsideRecord(
      id: record.id, reason: reason, modified: (record.modified ?? page.lastModified).hundredths)
    // The older valid copy is better than none, and Firefox also keeps its own when an update is invalid.
    if try update.setAside(entry, replacesLogin: false) { result.keptOlder += 1 }
    result.setAside += 1
  }
}
