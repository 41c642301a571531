import LockwiseCore

// Firefox takes two records that agree in origin, target and user name for one login, whatever their ids, and removes one
// of them from the server without a tombstone (Tests/InteropTests, `ForeignLoginTests`).
extension IncomingRecords {
  /// Sees to it that no change of ours makes a second record of a login that is there already: the other id stays, as in
  /// Firefox, with what was changed here.
  ///
  /// - Parameter isWhole: whether everything was downloaded; then the other id has to be one of the server's.
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
      // Two records that agreed before we changed anything are not ours to judge.
      let base = entry.base.flatMap { try? LoginRecord(json: $0, bsoID: entry.guid) }
      guard base.map({ !$0.isSameLogin(as: login) }) ?? true,
        let survivor = try update.sameLogins(as: login).first(where: { !isWhole || seen?.contains($0.guid) ?? true })
      else { continue }
      try unite(login, into: survivor, leavesTombstone: entry.base != nil || entry.wasSent)
    }
  }

  /// The logins with duplicates that the server should have.
  mutating func duplicatesOnServer() throws -> Set<String> {
    try duplicates.check(in: update)
    // What the server was never told of has not vanished from there; an id with a comma cannot be asked for.
    return duplicates.known.filter { guid in
      !guid.utf8.contains(UInt8(ascii: ",")) && outbox[guid].map { $0.base != nil || $0.wasSent } ?? true
    }
  }

  /// Gives up the logins that Firefox removed because they had duplicates. What was changed of them here is kept: it is a
  /// change of the duplicate now.
  ///
  /// - Parameters:
  ///   - guids: logins that the server should have.
  ///   - present: which of them it has, maybe with others.
  /// - Returns: how many logins are gone.
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

  /// Two ids of one login: one stays, with what was changed here of the other.
  private mutating func unite(_ duplicate: LoginRecord, into survivor: LoginRecord, leavesTombstone: Bool) throws {
    try remove(duplicate.guid, because: Self.duplicate(of: survivor.guid))
    guard var entry = outbox[duplicate.guid] else { return }
    let changed = entry.changed
    // They were made apart: nothing that both come from says what was changed, so that nothing of either is lost.
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
