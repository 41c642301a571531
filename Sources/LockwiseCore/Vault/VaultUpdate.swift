/// A transaction on the vault, which is one SQLite transaction.
///
/// Changes to the index are collected and written at the end, bucket by bucket. A first pull of a large collection
/// seals each bucket once.
final class VaultUpdate: MirrorUpdate {
  let vault: Vault
  let connection: SQLiteConnection
  let keys: VaultKeys

  var summary: VaultSummary
  private var changes = IndexChanges()
  /// The rows changed here by GUID token; a `nil` row was removed.
  private var rows: [LookupToken: LoginRow.Position?] = [:]
  /// The possible GUIDs by half their tokens, if the vault was empty at first. A first pull needs no look-up for any
  /// other.
  private var possibleGUIDs: Set<UInt64>?
  /// The row of the first login that this transaction adds.
  private let firstRow: Int64
  /// The number of index changes, about 6 MB, after which they are written.
  private static let maximumPendingEntries = 200_000

  // The lists, read on first use.
  var outboxEditor: ListEditor<OutboxEntry>?
  var aside: ListEditor<SetAsideRecord>?
  var deleted: ListEditor<DeletedLogin>?
  /// Whether all earlier rows were removed.
  private var isCleared = false
  private var isFinished = false
  /// Whether this transaction repaired the vault.
  var hasRepaired = false

  init(vault: Vault) throws {
    self.vault = vault
    connection = vault.file.connection
    keys = vault.keys
    try connection.run("BEGIN IMMEDIATE")
    do {
      summary = try vault.summary()
      firstRow = summary.nextLogin
      possibleGUIDs = summary.logins == 0 ? [] : nil
    } catch {
      try? connection.run("ROLLBACK")
      throw error
    }
  }

  deinit { if !isFinished { try? connection.run("ROLLBACK") } }

  func document(_ name: DocumentName) throws -> SecretBytes? { try vault.documentTable.read(name.text, summary) }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    try vault.documentTable.write(name.text, text, &summary, random: vault.random)
  }

  func documentNames() -> [DocumentName] { summary.documentNames }

  func removeAll() throws {
    try vault.loginTable.removeAll()
    isCleared = true
    changes = IndexChanges()
    rows = [:]
    possibleGUIDs = []
    summary.entries = 0
    summary.logins = 0
    try removeAllLists()
  }

  func counts() throws -> MirrorCounts { MirrorCounts(logins: summary.logins, setAside: try asideCount()) }

  @discardableResult
  func store(_ login: LoginRecord) throws -> Bool {
    try removeSetAside(login.guid)
    let tokens = try LoginTokens(login, keys: keys)
    let existing = try findRow(tokens.guid)
    if let existing {
      let old = try vault.loginTable.login(existing)
      for token in try LoginTokens(old, keys: keys).all { removeEntry(token, existing) }
    } else {
      summary.logins += 1
      summary.nextLogin += 1
    }
    let id = existing?.id ?? summary.nextLogin - 1
    let new = try vault.loginTable.write(login, row: id, random: vault.random)
    for token in tokens.all { addEntry(token, new) }
    rows[tokens.guid] = .some(new)
    possibleGUIDs?.insert(tokens.guid.half)
    try pinOutbox(login.guid, to: new)
    try flushIndexIfLarge()
    return existing != nil
  }

  @discardableResult
  func remove(guid: String) throws -> Bool {
    try removeSetAside(guid)
    let guidToken = try keys.token(.guid, guid)
    guard let row = try findRow(guidToken) else { return false }
    for token in try LoginTokens(vault.loginTable.login(row), keys: keys).all {
      removeEntry(token, row)
    }
    rows[guidToken] = .some(nil)
    summary.logins -= 1
    try vault.loginTable.remove(.number(row.id))
    return true
  }

  func login(guid: String) throws -> LoginRecord? {
    try findRow(keys.token(.guid, guid)).map { try vault.loginTable.login($0) }
  }

  /// Returns the row of the login with this GUID, including changes of this transaction; `nil` if there is none.
  func row(guid: String) throws -> LoginRow.Position? { try findRow(keys.token(.guid, guid)) }

  func earlierGUIDs() throws -> [String] {
    var tags: [Int64: RowTag] = [:]
    for entry in try entries() { tags[entry.login] = entry.tag }
    var guids: [String] = []
    try vault.loginTable.forEach(through: firstRow - 1, tags) { guids.append(try LoginRow(plaintext: $1).guid) }
    return guids
  }

  func commit() throws {
    try writeIndex()
    try finishLists()
    summary.counter += 1
    try vault.documentTable.write(summary, random: vault.random)
    try connection.run("COMMIT")
    isFinished = true
    if hasRepaired { vault.file.directory.clearDamage() }
    // The checkpoint is optional, so it may fail because of a reader. It may also fail because of a writer, which makes
    // its own. Waiting for that writer would delay all others.
    try? connection.runWithoutWaiting("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private func findRow(_ guidToken: LookupToken) throws -> LoginRow.Position? {
    if possibleGUIDs?.contains(guidToken.half) == false { return nil }
    if let changed = rows[guidToken] { return changed }
    if isCleared { return nil }
    let entries = try vault.bucketTable.read(guidToken.bucket(bits: summary.layout.bits), summary)
    return entries.first { $0.token == guidToken }.map { ($0.login, $0.tag) }
  }

  /// Returns the logins of a token, including changes of this transaction.
  func logins(_ token: LookupToken) throws -> [LoginRecord] {
    var found =
      isCleared
      ? [] : try vault.bucketTable.read(token.bucket(bits: summary.layout.bits), summary).filter { $0.token == token }
    found.removeAll { changes.isRemoved($0) }
    return try Set(found).union(changes.added(token)).sorted().map {
      try vault.loginTable.login(($0.login, $0.tag))
    }
  }

  func sameLogins(as login: LoginRecord) throws -> [LoginRecord] {
    let origin = Origin(login.origin)?.serialized ?? login.origin
    return try logins(keys.token(.origin, origin)).filter { $0.guid != login.guid && $0.isSameLogin(as: login) }
  }

  private func addEntry(_ token: LookupToken, _ row: LoginRow.Position) {
    changes.add(VaultIndex.Entry(token: token, login: row.id, tag: row.tag))
    summary.entries += 1
  }

  private func removeEntry(_ token: LookupToken, _ row: LoginRow.Position) {
    changes.remove(VaultIndex.Entry(token: token, login: row.id, tag: row.tag))
    summary.entries -= 1
  }

  /// Writes the collected index changes within the transaction, so that memory use does not grow with the collection.
  private func flushIndexIfLarge() throws {
    guard changes.count >= Self.maximumPendingEntries else { return }
    try writeIndex()
    changes = IndexChanges()
    rows = [:]
    isCleared = false
  }

  /// Returns all entries, including changes of this transaction.
  private func entries() throws -> [VaultIndex.Entry] {
    var entries: [VaultIndex.Entry] = []
    entries.reserveCapacity(summary.entries)
    if !isCleared {
      for bucket in 0..<summary.layout.bucketCount {
        entries += try vault.bucketTable.read(bucket, summary).filter { !changes.isRemoved($0) }
      }
    }
    return entries + changes.additions()
  }

  private func writeIndex() throws {
    let layout = summary.layout.fitting(entries: summary.entries)
    if isCleared || layout != summary.layout {
      let entries = try entries().sorted()
      summary.layout = layout
      try vault.bucketTable.writeAll(entries, &summary, random: vault.random)
    } else if changes.count > 0 {
      var rest = changes.additions()[...]
      let buckets = try changes.buckets(bits: layout.bits).map { bucket in
        let own = rest.prefix { $0.token.bucket(bits: layout.bits) == bucket }
        rest = rest.dropFirst(own.count)
        let kept = try vault.bucketTable.read(bucket, summary).filter { !changes.isRemoved($0) }
        return (bucket: bucket, entries: (kept + own).sorted())
      }
      try vault.bucketTable.write(buckets, &summary, random: vault.random)
    }
  }
}
