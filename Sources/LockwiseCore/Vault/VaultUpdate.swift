/// A change of the vault's copy of the server's logins: one SQLite transaction.
///
/// Changes of the index are gathered and written at the end, bucket by bucket, so that a first pull of a large
/// collection seals each bucket once.
final class VaultUpdate: MirrorUpdate {
  let vault: Vault
  let connection: SQLiteConnection
  let keys: VaultKeys
  private let loginTable: LoginTable
  private let bucketTable: BucketTable
  private let asideTable: AsideTable
  private let insertLogin: SQLiteStatement
  private let removeLogin: SQLiteStatement

  var summary: VaultIndex.Summary
  private var changes = IndexChanges()
  /// Rows by GUID token as changed here; a `nil` row = removed.
  private var rows: [LookupToken: Int64?] = [:]
  /// The GUIDs that may be here, by half their tokens, if there were none at first: a first pull looks for none of them.
  private var possibleGUIDs: Set<UInt64>?
  private var asideRows: [String: Int64]
  /// The row of the first login that this change adds.
  private let firstRow: Int64
  private var nextRow: Int64
  private var nextAsideRow: Int64
  /// So many changes of the index are gathered before they are written: about 5 MB.
  private static let gatheredEntries = 200_000

  /// What is not on the server yet, by GUID; read when first needed.
  var outboxRows: [String: OutboxTable.Row]?
  var nextOutboxRow: Int64 = 1
  /// Whether everything that was there before is gone.
  private var isCleared = false
  private var isFinished = false

  init(vault: Vault) throws {
    self.vault = vault
    connection = vault.file.connection
    keys = vault.keys
    try connection.run("BEGIN IMMEDIATE")
    do {
      summary = try vault.summary()
      loginTable = try LoginTable(connection: connection, keys: keys)
      bucketTable = try BucketTable(connection: connection, keys: keys)
      asideTable = AsideTable(connection: connection, keys: keys)
      insertLogin = try connection.prepare("INSERT OR REPLACE INTO logins(id, sealed) VALUES(?, ?)")
      removeLogin = try connection.prepare("DELETE FROM logins WHERE id=?")
      let aside = try asideTable.all()
      asideRows = Dictionary(aside.map { ($0.record.id, $0.row) }) { _, last in last }
      firstRow = try Self.nextRow(of: "logins", connection)
      nextRow = firstRow
      possibleGUIDs = summary.logins == 0 ? [] : nil
      nextAsideRow = try Self.nextRow(of: "aside", connection)
    } catch {
      try? connection.run("ROLLBACK")
      throw error
    }
  }

  deinit { if !isFinished { try? connection.run("ROLLBACK") } }

  private static func nextRow(of table: StaticString, _ connection: SQLiteConnection) throws -> Int64 {
    let statement = try connection.prepare("SELECT ifnull(max(id), 0) + 1 FROM \(table)")
    guard try statement.step() else { throw VaultError.damaged(part: "file") }
    return statement.integer(0)
  }

  func document(_ name: DocumentName) throws -> SecretBytes? {
    name == .gitMemory && !summary.hasGitMemory ? nil : try vault.sealedDocument(name.rawValue)
  }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    if name == .gitMemory { summary.hasGitMemory = text != nil }
    try DocumentTable(connection: connection, keys: keys).write(name.rawValue, text, random: vault.random)
  }

  func removeAll() throws {
    try connection.run("DELETE FROM logins; DELETE FROM aside; DELETE FROM buckets; DELETE FROM outbox")
    isCleared = true
    changes = IndexChanges()
    rows = [:]
    possibleGUIDs = []
    asideRows = [:]
    outboxRows = [:]
    summary.entries = 0
    summary.logins = 0
    summary.outbox = 0
  }

  func removeSetAside() throws {
    try connection.run("DELETE FROM aside")
    asideRows = [:]
  }

  func counts() -> MirrorCounts { MirrorCounts(logins: summary.logins, setAside: asideRows.count) }

  @discardableResult
  func store(_ login: LoginRecord) throws -> Bool {
    try forgetAside(login.guid)
    let tokens = try LoginTokens(login, keys: keys)
    let row: Int64
    let existing = try findRow(tokens.guid)
    if let existing {
      row = existing
      let old = try loginTable.read(row).record()
      if !old.origin.isSameText(as: login.origin) {
        let (gone, new) = (try LoginTokens(old, keys: keys).all, tokens.all)
        for token in gone where !new.contains(token) { removeEntry(token, row) }
        for token in new where !gone.contains(token) { addEntry(token, row) }
      }
    } else {
      row = nextRow
      nextRow += 1
      summary.logins += 1
      for token in tokens.all { addEntry(token, row) }
    }
    rows[tokens.guid] = .some(row)
    possibleGUIDs?.insert(tokens.guid.half)
    let plaintext = LoginRow(guid: login.guid, json: login.json).plaintext
    try insertLogin.bind(1, row)
    try insertLogin.run(
      binding: keys.seal(plaintext, at: .init("logins", row: row), random: vault.random), at: 2)
    try flushIndexIfLarge()
    return existing != nil
  }

  @discardableResult
  func remove(guid: String) throws -> Bool {
    try forgetAside(guid)
    let guidToken = try keys.token(.guid, guid)
    guard let row = try findRow(guidToken) else { return false }
    for token in try LoginTokens(loginTable.read(row).record(), keys: keys).all {
      removeEntry(token, row)
    }
    rows[guidToken] = .some(nil)
    summary.logins -= 1
    try removeLogin.bind(1, row)
    try removeLogin.run()
    return true
  }

  @discardableResult
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool {
    let hadLogin =
      replacesLogin ? try remove(guid: record.id) : try findRow(keys.token(.guid, record.id)) != nil
    let row = asideRows[record.id] ?? nextAsideRow
    if row == nextAsideRow { nextAsideRow += 1 }
    asideRows[record.id] = row
    try asideTable.write(record, row: row, random: vault.random)
    return hadLogin
  }

  func login(guid: String) throws -> LoginRecord? {
    try findRow(keys.token(.guid, guid)).map { try loginTable.read($0).record() }
  }

  func earlierGUIDs() throws -> [String] {
    let statement = try connection.prepare("SELECT id, sealed FROM logins WHERE id<? ORDER BY id")
    try statement.bind(1, firstRow)
    var guids: [String] = []
    while try statement.step() {
      let row = statement.integer(0)
      guids.append(try statement.withBytes(1) { try LoginRow(sealed: $0, row: row, keys: keys) }.guid)
    }
    return guids
  }

  func commit() throws {
    try writeIndex()
    try DocumentTable(connection: connection, keys: keys)
      .write(VaultSchema.indexDocument, summary.document, random: vault.random)
    try connection.run("COMMIT")
    isFinished = true
    // Not needed for correctness, so a reader that stands in the way does not matter.
    try? connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private func forgetAside(_ id: String) throws {
    guard let row = asideRows.removeValue(forKey: id) else { return }
    try asideTable.remove(row: row)
  }

  private func findRow(_ guidToken: LookupToken) throws -> Int64? {
    if possibleGUIDs?.contains(guidToken.half) == false { return nil }
    if let changed = rows[guidToken] { return changed }
    if isCleared { return nil }
    let entries = try bucketTable.read(guidToken.bucket(bits: summary.bits))
    return entries.first { $0.token == guidToken }?.login
  }

  /// The logins behind a token, with this change.
  func logins(_ token: LookupToken) throws -> [LoginRecord] {
    var found = isCleared ? [] : try bucketTable.read(token.bucket(bits: summary.bits)).filter { $0.token == token }
    found.removeAll { changes.isRemoved($0) }
    let known = Set(found.map(\.login)).union(changes.rows(token))
    return try known.sorted().map { try loginTable.read($0).record() }
  }

  func sameLogins(as login: LoginRecord) throws -> [LoginRecord] {
    let origin = Origin(login.origin)?.serialized ?? login.origin
    return try logins(keys.token(.origin, origin)).filter { $0.guid != login.guid && $0.isSameLogin(as: login) }
  }

  private func addEntry(_ token: LookupToken, _ row: Int64) {
    changes.add(VaultIndex.Entry(token: token, login: row))
    summary.entries += 1
  }

  private func removeEntry(_ token: LookupToken, _ row: Int64) {
    changes.remove(VaultIndex.Entry(token: token, login: row))
    summary.entries -= 1
  }

  /// Writes what has gathered, still within the transaction, so that memory does not grow with the collection.
  private func flushIndexIfLarge() throws {
    guard changes.count >= Self.gatheredEntries else { return }
    try writeIndex()
    changes = IndexChanges()
    rows = [:]
    isCleared = false
  }

  private func writeIndex() throws {
    let bits = summary.wantedBits
    let writer = try BucketWriter(connection: connection, keys: keys, random: vault.random)
    if isCleared || bits != summary.bits {
      var entries: [VaultIndex.Entry] = []
      entries.reserveCapacity(summary.entries)
      if !isCleared {
        for bucket in 0..<Int64(1) << Int64(summary.bits) {
          entries += try bucketTable.read(bucket).filter { !changes.isRemoved($0) }
        }
      }
      entries += changes.additions()
      entries.sort()
      try writer.write(Array(0..<Int64(1) << Int64(bits)), bits: bits, entries) { _ in [] }
      summary.bits = bits
    } else {
      try writer.write(changes.buckets(bits: bits), bits: bits, changes.additions()) { bucket in
        try bucketTable.read(bucket).filter { !changes.isRemoved($0) }
      }
    }
  }
}
