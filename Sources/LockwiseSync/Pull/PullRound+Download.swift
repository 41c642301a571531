import LockwiseCore

extension PullRound {
  /// Downloads what is to be downloaded, and commits it together with the state.
  func download(newer: Timestamp?, listed: Timestamp?, replacing: Bool) throws -> PullResult {
    result.extent = newer == nil ? .everything : .changes
    var query = StorageQuery()
    query.newer = newer
    query.limit = options.pageSize
    query.order = .oldest
    var records = 0
    try checkStop()
    guard let first = try client.page(in: Self.collection, query).value else { throw Restart.changedMeanwhile }
    let time = first.lastModified
    // Older than what info/collections said a moment ago: somebody is setting up the storage anew.
    if let listed, time < listed { throw Restart.changedMeanwhile }
    // Only now, so that the usual pull of one page does not hold up other writers during a request.
    client.backoff.isHeld = true
    let update = try mirror.beginMirrorUpdate()
    var incoming = try IncomingRecords(
      update: update, clockOffset: client.clockOffset, isServerNew: state.isServerNew,
      twins: Twins(known: state.twins, isWhole: replacing))
    if replacing { try update.removeSetAside() }
    guard let bundle = state.keys?.bundle(for: Self.collection) else { throw PullError.noKeys }
    var pages = ReadPages(first: first, bundle: bundle) { [query] in try self.page(after: $0, query) }
    while let (page, readings) = try pages.next() {
      try apply(page, readings, bundle, to: update, &incoming)
      records += page.records.count
      let announced = page.announced.flatMap { Int(exactly: $0) } ?? 0
      progress(records, page.nextOffset == nil ? records : announced > records ? announced : nil)
      try checkStop()
    }
    if replacing {
      result.removed += try incoming.finishWholeDownload(now: options.started)
    }
    try incoming.uniteDoubles(isWhole: replacing)
    let seen = incoming.seen
    result.removed += try incoming.dropVanishedTwins {
      try replacing ? seen?.intersection($0) ?? Set($0) : present($0, at: time)
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

  private func page(after page: UnreadPage, _ query: StorageQuery) throws -> UnreadPage? {
    var query = query
    guard let offset = page.nextOffset else { return nil }
    try checkStop()
    query.offset = offset
    let condition = StorageCondition.unmodifiedSince(page.lastModified)
    let next = try client.page(in: Self.collection, query, condition).value
    guard let next, next.lastModified == page.lastModified else { throw Restart.changedMeanwhile }
    query.offset = next.nextOffset
    if next.nextOffset != nil { try client.beginPage(in: Self.collection, query, condition) }
    return next
  }

  private func apply(
    _ page: RecordPage, _ readings: [RecordReader.Reading], _ bundle: SyncKeyBundle,
    to update: any MirrorUpdate, _ incoming: inout IncomingRecords
  ) throws {
    for (record, reading) in zip(page.records, readings) {
      switch reading {
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
