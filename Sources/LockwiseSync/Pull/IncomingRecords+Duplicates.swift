import LockwiseCore

// Firefox regards two records with the same origin, target and username as one login and removes one of them from the
// server without a tombstone (Tests/InteropTests, `ForeignLoginTests`).
extension IncomingRecords {
  /// Makes sure that no local change creates a second record of an existing login: the other id stays, as in Firefox,
  /// with the local changes.
  ///
  /// - Parameter isWhole: whether everything was downloaded; the other id must then be on the server.
  mutating func mergeDuplicates(isWhole: Bool) throws {
    for (guid, other) in successors.sorted(by: { $0.key < $1.key }) {
      if let login = try update.login(guid: guid), let survivor = try update.login(guid: other) {
        try unite(login, into: survivor, leavesTombstone: false)
      } else {
        try remove(guid, because: Self.duplicate(of: other))
        try settle(guid)
      }
    }
    for entry in outbox.values.sorted(by: { $0.guid < $1.guid }) where !entry.isDeletion {
      guard outbox[entry.guid] != nil, let login = try update.login(guid: entry.guid) else { continue }
      // Records that agreed before any local change are left alone.
      let base = entry.base.flatMap { try? LoginRecord(json: $0, bsoID: entry.guid) }
      guard base.map({ !$0.isSameLogin(as: login) }) ?? true,
        let survivor = try update.sameLogins(as: login).first(where: { !isWhole || seen?.contains($0.guid) ?? true })
      else { continue }
      try unite(login, into: survivor, leavesTombstone: entry.base != nil || entry.wasSent)
    }
  }

  /// Returns the logins with duplicates that the server should have.
  mutating func duplicatesOnServer() throws -> Set<String> {
    try duplicates.check(in: update)
    // A login that was never uploaded cannot have vanished; an id with a comma cannot be requested.
    return duplicates.known.filter { guid in
      !guid.utf8.contains(UInt8(ascii: ",")) && outbox[guid].map { $0.base != nil || $0.wasSent } ?? true
    }
  }

  /// Removes the logins that Firefox removed because they had duplicates. Their local changes are kept: they become
  /// changes of the duplicate.
  ///
  /// - Parameters:
  ///   - guids: logins that the server should have.
  ///   - present: those that it has, possibly among others.
  /// - Returns: the number of removed logins.
  mutating func dropVanished(of guids: Set<String>, present: Set<String>) throws -> Int {
    var removed = 0
    for guid in guids.subtracting(present).sorted() {
      guard let login = try update.login(guid: guid),
        let survivor = try update.sameLogins(as: login).first(where: { present.contains($0.guid) })
      else { continue }
      try unite(login, into: survivor, leavesTombstone: false)
      removed += 1
    }
    try duplicates.check(in: update)
    return removed
  }

  /// Merges two ids of one login: one stays, with the local changes of the other.
  private mutating func unite(_ duplicate: LoginRecord, into survivor: LoginRecord, leavesTombstone: Bool) throws {
    try remove(duplicate.guid, because: Self.duplicate(of: survivor.guid))
    guard var entry = outbox[duplicate.guid] else { return }
    let changed = entry.changed
    // They have no common ancestor that shows the changes, so nothing of either is dropped.
    let apart = OutboxEntry(guid: duplicate.guid, base: nil, changed: changed)
    let outcome = Reconciliation(entry: apart, local: duplicate).outcome(for: .login(survivor), writtenAt: 0)
    entry.base = nil
    entry.isDeletion = true
    entry.unitedWith = survivor.guid
    entry.revision += 1
    if leavesTombstone { try keep(entry) } else { try settle(duplicate.guid) }
    merged += 1
    guard case .merged(let login) = outcome else { return }
    try update.store(login)
    var kept =
      outbox[survivor.guid] ?? OutboxEntry(guid: survivor.guid, base: survivor.json, changed: changed, wasSent: true)
    kept.changed = max(kept.changed, changed)
    kept.revision = entry.revision
    try keep(kept)
  }
}
