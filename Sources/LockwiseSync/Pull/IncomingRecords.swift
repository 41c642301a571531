import LockwiseCore

/// Merges the server's records with the vault's unpushed changes, within one update of the vault.
struct IncomingRecords {
  /// Where records come from.
  enum Source {
    /// The Sync server.
    case server
    /// A local profile, to which nothing is uploaded.
    case profile
  }

  let update: any MirrorUpdate
  private let source: Source
  /// The server's time minus this machine's.
  private let clockOffset: Milliseconds
  /// This machine's time.
  private let now: Milliseconds
  /// The passwords of the deleted logins that the vault keeps, by GUID.
  private var kept: [String: SecretBytes]
  /// Whether the server was set up again: its records may then be older than the vault's, and records that it lacks
  /// were not deleted.
  private let isServerNew: Bool
  private(set) var outbox: [String: OutboxEntry]
  /// Locally changed logins that another client replaced by another one, by GUID.
  var successors: [String: String] = [:]
  /// The received ids, to find the missing ones in the end; `nil` if the vault was empty, so none can be missing.
  private(set) var seen: Set<String>?

  /// The number of local changes that were merged with one of the server's.
  var merged = 0
  /// The logins that Firefox regards as duplicates.
  var duplicates: DuplicateTracker

  /// - Parameters:
  ///   - update: the vault's update.
  ///   - source: where the records come from.
  ///   - clockOffset: the server's time minus this machine's.
  ///   - now: this machine's time.
  ///   - isServerNew: whether the server was set up again since the last pull.
  ///   - duplicates: the duplicates from earlier pulls.
  init(
    update: any MirrorUpdate, source: Source = .server, clockOffset: Milliseconds, now: Milliseconds, isServerNew: Bool,
    duplicates: DuplicateTracker
  ) throws {
    self.update = update
    self.source = source
    self.clockOffset = clockOffset
    self.now = now
    // By both clocks, so that a wrong one deletes nothing.
    try update.removeDeleted(before: min(now, now + clockOffset) - DeletedLogin.lifetime)
    kept = Dictionary(try update.deletedLogins().map { ($0.login.guid, $0.login.password) }) { $1 }
    self.isServerNew = isServerNew
    self.duplicates = duplicates
    outbox = try update.outbox()
    let hasLogins = try update.counts().logins > 0
    seen = hasLogins || !outbox.isEmpty ? [] : nil
  }

  /// Returns whether the vault has a login as it was received, without a local change.
  func hasUnchanged(_ login: LoginRecord) throws -> Bool {
    guard outbox[login.guid] == nil, kept[login.guid] == nil else { return false }
    return try update.login(guid: login.guid)?.json == login.json
  }

  /// Applies a received login.
  ///
  /// - Returns: whether a login with this GUID was there before.
  mutating func take(_ login: LoginRecord, written: Timestamp) throws -> Bool {
    seen?.insert(login.guid)
    defer { duplicates.record(login) }
    if kept[login.guid] == login.password {
      // It came back unchanged. One with another password may be an older version that the server sends again.
      kept[login.guid] = nil
      try update.removeDeleted(guid: login.guid)
    }
    if outbox[login.guid] == nil, login.lockwise == nil || isServerNew, let known = try update.login(guid: login.guid) {
      if isServerNew, known.json != login.json {
        // There is no known common ancestor.
        try keep(OutboxEntry(guid: login.guid, base: nil, changed: known.timePasswordChanged))
      } else if let whole = try login.restoringLockwiseMember(of: known) {
        // Firefox replaces a record that it has not seen with its own.
        try keep(
          OutboxEntry(guid: login.guid, base: login.json, changed: written.milliseconds - clockOffset, wasSent: true))
        return try update.store(whole)
      }
    }
    if outbox[login.guid] != nil { return try reconcile(login.guid, .login(login), written) }
    return try update.store(login)
  }

  /// Applies a received tombstone.
  ///
  /// - Parameters:
  ///   - mark: the tombstone.
  ///   - guid: the GUID of the deleted login.
  ///   - written: the time when the server received it.
  /// - Returns: whether a login with this GUID was there before and is gone now.
  mutating func takeTombstone(_ mark: Tombstone, guid: String, written: Timestamp) throws -> Bool {
    seen?.insert(guid)
    guard outbox[guid] == nil else {
      let wasThere = try update.login(guid: guid) != nil
      _ = try reconcile(guid, .tombstone(mark), written)
      return try wasThere && update.login(guid: guid) == nil
    }
    // The vault's login comes from somewhere else, and may be newer than the deletion.
    if isServerNew, let known = try update.login(guid: guid),
      known.timePasswordChanged > written.milliseconds - clockOffset
    {
      try keep(OutboxEntry(guid: guid, base: mark.json, changed: known.timePasswordChanged, wasSent: true))
      return false
    }
    return try remove(guid, because: Self.reason(mark))
  }

  private static func reason(_ mark: Tombstone) -> String {
    mark.unitedWith.map { duplicate(of: $0) } ?? "deleted on another device"
  }

  private var gone: String {
    switch source {
    case .server: "gone from the server"
    case .profile: "deleted in the profile"
    }
  }

  static func duplicate(of guid: String) -> String { "duplicate of \(guid)" }

  /// Removes a login that was not deleted here, and keeps a copy that can be restored.
  ///
  /// - Parameter reason: the reason to show to the user.
  /// - Returns: whether it existed.
  @discardableResult
  mutating func remove(_ guid: String, because reason: String) throws -> Bool {
    if let login = try update.login(guid: guid) {
      try update.addDeleted(login, reason: reason, at: now)
      kept[guid] = login.password
    }
    return try update.remove(guid: guid)
  }

  /// Records an id whose record is unusable, since it is on the server.
  mutating func note(_ guid: String) { seen?.insert(guid) }

  private mutating func reconcile(
    _ guid: String, _ upstream: Reconciliation.Upstream, _ written: Timestamp
  ) throws -> Bool {
    guard var entry = outbox[guid] else { return false }
    let local = try update.login(guid: guid)
    // A profile's times change whenever Firefox uses a login. A new server's would cause an upload of every login.
    let outcome = Reconciliation(
      entry: entry, local: entry.isDeletion ? nil : local, isServerNew: isServerNew,
      ignoresTimes: source == .profile || isServerNew
    ).outcome(for: upstream, writtenAt: written.milliseconds - clockOffset)
    switch outcome {
    case .acceptUpstream:
      switch upstream {
      case .login(let theirs): try update.store(theirs)
      case .tombstone(let mark):
        if let other = mark.unitedWith, local != nil {
          // The user did not request this: the local changes belong to the other login.
          successors[guid] = other
          return true
        }
        try remove(guid, because: Self.reason(mark))
      }
      try settle(guid)
      return local != nil
    case .keepLocal: break
    case .merged(let login):
      try update.store(login)
      merged += 1
    }
    // From now on the local change is based on the server's newest version.
    switch upstream {
    case .login(let theirs): entry.recordServerVersion(theirs.json)
    case .tombstone(let mark): entry.recordServerVersion(mark.json)
    }
    try keep(entry)
    return local != nil
  }

  mutating func keep(_ entry: OutboxEntry) throws {
    outbox[entry.guid] = entry
    try update.setOutbox(entry)
  }

  mutating func settle(_ guid: String) throws {
    outbox[guid] = nil
    try update.removeOutbox(guid: guid)
  }

  /// After a full download: handles the logins that were not received.
  ///
  /// If the server was set up again, they are uploaded; else they were deleted.
  ///
  /// - Parameter now: this machine's time.
  /// - Returns: the number of removed logins.
  mutating func finishWholeDownload(now: Milliseconds) throws -> Int {
    guard let seen else { return 0 }
    var removed = 0
    for guid in try update.earlierGUIDs() where !seen.contains(guid) {
      guard var entry = outbox[guid] ?? (isServerNew ? OutboxEntry(guid: guid, base: nil, changed: now) : nil) else {
        try remove(guid, because: gone)
        removed += 1
        continue
      }
      entry.base = nil
      entry.wasSent = true
      try keep(entry)
    }
    // An upload may still arrive, and must not restore what was deleted.
    for entry in outbox.values where entry.isDeletion && !seen.contains(entry.guid) && entry.sent.isEmpty {
      try settle(entry.guid)
    }
    return removed
  }
}
