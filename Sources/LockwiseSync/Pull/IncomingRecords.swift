import LockwiseCore

/// Brings the server's records and the vault's unpushed changes together, within one update of the vault.
struct IncomingRecords {
  private let update: any MirrorUpdate
  /// The server's time minus ours, milliseconds.
  private let clockOffset: Int64
  private var outbox: [String: OutboxEntry]
  /// Logins that were made here and that the server has not confirmed: a record with another id may be the same login.
  private var newLogins: [LoginRecord]
  /// The ids that came, to tell in the end which did not; `nil` if the vault was empty, so that nothing can be missing.
  private var seen: Set<String>?

  /// How many of our changes met one of the server's and were merged with it.
  private(set) var merged = 0

  init(update: any MirrorUpdate, clockOffset: Int64) throws {
    self.update = update
    self.clockOffset = clockOffset
    outbox = try update.outbox()
    let hasLogins = try update.counts().logins > 0
    seen = hasLogins || !outbox.isEmpty ? [] : nil
    newLogins = try outbox.values.filter { $0.base == nil && !$0.isDeletion }
      .compactMap { try update.login(guid: $0.guid) }
  }

  /// Takes a login.
  ///
  /// - Returns: whether a login with this GUID was there before.
  mutating func take(_ login: LoginRecord, written: Timestamp) throws -> Bool {
    seen?.insert(login.guid)
    if outbox[login.guid] != nil { return try reconcile(login.guid, .login(login), written) }
    if let twin = newLogins.first(where: { $0.guid != login.guid && $0.isSameLogin(as: login) }) {
      try unite(twin, with: login)
      return false
    }
    return try update.store(login)
  }

  /// Takes a tombstone.
  ///
  /// - Returns: whether a login with this GUID was there before and is gone now.
  mutating func takeTombstone(_ guid: String, written: Timestamp) throws -> Bool {
    seen?.insert(guid)
    guard outbox[guid] == nil else {
      let wasThere = try update.login(guid: guid) != nil
      _ = try reconcile(guid, .tombstone, written)
      return try wasThere && update.login(guid: guid) == nil
    }
    return try update.remove(guid: guid)
  }

  /// Takes note of an id whose record is not usable: it is on the server all the same.
  mutating func note(_ guid: String) { seen?.insert(guid) }

  private mutating func reconcile(
    _ guid: String, _ upstream: Reconciliation.Upstream, _ written: Timestamp
  ) throws -> Bool {
    guard var entry = outbox[guid] else { return false }
    let local = try update.login(guid: guid)
    let outcome = Reconciliation(entry: entry, local: entry.isDeletion ? nil : local)
      .outcome(for: upstream, writtenAt: written.milliseconds - clockOffset)
    var theirs: LoginRecord?
    if case .login(let login) = upstream { theirs = login }
    switch outcome {
    case .takeUpstream:
      if let theirs { try update.store(theirs) } else { try update.remove(guid: guid) }
      try settle(guid)
      return local != nil
    case .keepLocal:
      // What outlives a tombstone is new to the server: the same login may come under another id.
      if theirs == nil, let local { newLogins.append(local) }
    case .merged(let login):
      try update.store(login)
      merged += 1
    }
    // From here on our change is one of the server's newest version.
    entry.base = theirs?.json
    entry.wasSent = true
    try keep(entry)
    return local != nil
  }

  /// One login made on both sides: the incoming id stays, as in Firefox.
  private mutating func unite(_ twin: LoginRecord, with login: LoginRecord) throws {
    guard var entry = outbox[twin.guid] else { return }
    let outcome = Reconciliation(entry: entry, local: twin).outcome(for: .login(login), writtenAt: 0)
    try update.remove(guid: twin.guid)
    newLogins.removeAll { $0.guid == twin.guid }
    let changed = entry.changed
    if entry.wasSent {
      // The server may have the other id as well.
      entry.isDeletion = true
      entry.revision += 1
      try keep(entry)
    } else {
      try settle(twin.guid)
    }
    merged += 1
    switch outcome {
    case .takeUpstream: try update.store(login)
    case .keepLocal, .merged:
      var result = login
      if case .merged(let merged) = outcome { result = merged }
      try update.store(result)
      try keep(
        OutboxEntry(guid: login.guid, base: login.json, changed: changed, revision: entry.revision, wasSent: true))
    }
  }

  private mutating func keep(_ entry: OutboxEntry) throws {
    outbox[entry.guid] = entry
    try update.setOutbox(entry)
  }

  private mutating func settle(_ guid: String) throws {
    outbox[guid] = nil
    try update.removeOutbox(guid: guid)
  }

  /// After everything was downloaded: decides about the logins that did not come.
  ///
  /// - Parameters:
  ///   - keepsUnseen: whether they are to be uploaded, because the server was set up anew and never deleted them; else
  ///     they were deleted.
  ///   - now: our clock, milliseconds since 1970.
  /// - Returns: how many logins are gone.
  mutating func finishWholeDownload(keepsUnseen: Bool, now: Int64) throws -> Int {
    guard let seen else { return 0 }
    var removed = 0
    for guid in try update.earlierGUIDs() where !seen.contains(guid) {
      if var entry = outbox[guid] {
        entry.base = nil
        try keep(entry)
      } else if keepsUnseen {
        try keep(OutboxEntry(guid: guid, base: nil, changed: now, wasSent: true))
      } else {
        try update.remove(guid: guid)
        removed += 1
      }
    }
    for entry in outbox.values where entry.isDeletion && !seen.contains(entry.guid) { try settle(entry.guid) }
    return removed
  }
}
