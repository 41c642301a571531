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
  /// Entries to add (`true`) or to remove (`false`).
  private var changes: [VaultIndex.Entry: Bool] = [:]
  /// Rows by GUID token as changed here; a `nil` row = removed.
  private var rows: [LookupToken: Int64?] = [:]
  private var asideRows: [String: Int64]
  private var nextRow: Int64
  private var nextAsideRow: Int64
  /// So many changes of the index are gathered before they are written.
  private static let gatheredEntries = 30_000

  /// What is not on the server yet, by GUID; read when first needed.
  var outboxRows: [String: OutboxTable.Row]?
  var nextOutboxRow: Int64 = 1
  /// The rows that `changes` adds, by token; made when first needed, which a pull of many logins never does.
  private var staged: [LookupToken: Set<Int64>]?
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
      nextRow = try Self.nextRow(of: "logins", connection)
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

  func document(_ name: DocumentName) throws -> SecretBytes? { try vault.document(name) }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    try vault.setDocument(name, to: text)
  }

  func removeAll() throws {
    try connection.run("DELETE FROM logins; DELETE FROM aside; DELETE FROM buckets; DELETE FROM outbox")
    isCleared = true
    changes = [:]
    staged = nil
    rows = [:]
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
    let tokens = try keys.tokens(of: login)
    let guidToken = try keys.token(.guid, login.guid)
    let row: Int64
    let existing = try findRow(guidToken)
    if let existing {
      row = existing
      let old = try keys.tokens(of: try loginTable.read(row).record())
      for token in old.subtracting(tokens) { note(.init(token: token, login: row), isPresent: false) }
      for token in tokens.subtracting(old) { note(.init(token: token, login: row), isPresent: true) }
    } else {
      row = nextRow
      nextRow += 1
      summary.logins += 1
      for token in tokens { note(.init(token: token, login: row), isPresent: true) }
    }
    rows[guidToken] = .some(row)
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
    for token in try keys.tokens(of: try loginTable.read(row).record()) {
      note(.init(token: token, login: row), isPresent: false)
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

  func guids() throws -> [String] {
    let statement = try connection.prepare("SELECT id, sealed FROM logins ORDER BY id")
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
    if let changed = rows[guidToken] { return changed }
    if isCleared { return nil }
    let entries = try bucketTable.read(guidToken.bucket(bits: summary.bits))
    return entries.first { $0.token == guidToken }?.login
  }

  /// The logins behind a token, with this change.
  func logins(_ token: LookupToken) throws -> [LoginRecord] {
    var found = isCleared ? [] : try bucketTable.read(token.bucket(bits: summary.bits)).filter { $0.token == token }
    found.removeAll { changes[$0] == false }
    let known = Set(found.map(\.login)).union(stagedRows()[token] ?? [])
    return try known.sorted().map { try loginTable.read($0).record() }
  }

  func sameLogins(as login: LoginRecord) throws -> [LoginRecord] {
    let origin = Origin(login.origin)?.serialized ?? login.origin
    return try logins(keys.token(.origin, origin)).filter { $0.guid != login.guid && $0.isSameLogin(as: login) }
  }

  private func stagedRows() -> [LookupToken: Set<Int64>] {
    if let staged { return staged }
    var rows: [LookupToken: Set<Int64>] = [:]
    for (entry, isPresent) in changes where isPresent { rows[entry.token, default: []].insert(entry.login) }
    staged = rows
    return rows
  }

  private func note(_ entry: VaultIndex.Entry, isPresent: Bool) {
    summary.entries += isPresent ? 1 : -1
    if isPresent {
      staged?[entry.token, default: []].insert(entry.login)
    } else {
      staged?[entry.token]?.remove(entry.login)
    }
    if changes[entry] == !isPresent {
      changes[entry] = nil
    } else {
      changes[entry] = isPresent
    }
  }

  /// Writes what has gathered, still within the transaction, so that memory does not grow with the collection.
  private func flushIndexIfLarge() throws {
    guard changes.count >= Self.gatheredEntries else { return }
    try writeIndex()
    changes = [:]
    staged = nil
    rows = [:]
    isCleared = false
  }

  private func writeIndex() throws {
    let bits = summary.wantedBits
    var buckets: [Int64: [VaultIndex.Entry]] = [:]
    if isCleared || bits != summary.bits {
      for bucket in 0..<Int64(1) << Int64(bits) { buckets[bucket] = [] }
      if !isCleared {
        for bucket in 0..<Int64(1) << Int64(summary.bits) {
          for entry in try bucketTable.read(bucket) where changes[entry] != false {
            buckets[entry.token.bucket(bits: bits), default: []].append(entry)
          }
        }
      }
    } else {
      for bucket in Set(changes.keys.map { $0.token.bucket(bits: bits) }) {
        buckets[bucket] = try bucketTable.read(bucket).filter { changes[$0] != false }
      }
    }
    for (entry, isPresent) in changes where isPresent {
      buckets[entry.token.bucket(bits: bits), default: []].append(entry)
    }
    summary.bits = bits
    try bucketTable.write(buckets, random: vault.random)
  }
}
