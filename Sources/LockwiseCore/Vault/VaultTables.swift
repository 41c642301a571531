/// The table of sealed documents. Each name has its row from the start, so that a missing one is damage; an
/// empty plaintext stands for "no document".
struct DocumentTable {
  let connection: SQLiteConnection
  let keys: VaultKeys

  func read(_ name: String) throws -> SecretBytes? {
    let statement = try connection.prepare("SELECT sealed FROM documents WHERE name=?")
    try statement.bind(1, name)
    guard try statement.step() else { throw VaultError.damaged(part: "documents") }
    let text = try statement.withBytes(0) { try keys.open($0, at: .init("documents", name: name)) }
    return text.isEmpty ? nil : text
  }

  func has(_ name: String) throws -> Bool {
    let statement = try connection.prepare("SELECT 1 FROM documents WHERE name=?")
    try statement.bind(1, name)
    return try statement.step()
  }

  func write(_ name: String, _ text: SecretBytes?, random: some RandomSource) throws {
    let sealed = try keys.seal(
      text ?? SecretBytes(copying: []), at: .init("documents", name: name), random: random)
    let statement = try connection.prepare("INSERT OR REPLACE INTO documents(name, sealed) VALUES(?, ?)")
    try statement.bind(1, name)
    try statement.run(binding: sealed, at: 2)
  }
}

/// The table of the look-up index's buckets.
struct BucketTable {
  private let select: SQLiteStatement
  private let connection: SQLiteConnection
  private let keys: VaultKeys

  init(connection: SQLiteConnection, keys: VaultKeys) throws {
    self.connection = connection
    self.keys = keys
    select = try connection.prepare("SELECT sealed FROM buckets WHERE id=?")
  }

  func read(_ bucket: Int64) throws -> [VaultIndex.Entry] {
    try select.bind(1, bucket)
    defer { select.reset() }
    guard try select.step() else { throw VaultError.damaged(part: "index") }
    return try VaultIndex.decode(select.withBytes(0) { try keys.open($0, at: .init("buckets", row: bucket)) })
  }
}

/// Writes buckets of the look-up index.
struct BucketWriter<Random: RandomSource> {
  private let insert: SQLiteStatement
  private let keys: VaultKeys
  private let random: Random

  init(connection: SQLiteConnection, keys: VaultKeys, random: Random) throws {
    self.keys = keys
    self.random = random
    insert = try connection.prepare("INSERT OR REPLACE INTO buckets(id, sealed) VALUES(?, ?)")
  }

  /// Spreads entries over buckets.
  ///
  /// - Parameters:
  ///   - buckets: in order; those of all entries, maybe more.
  ///   - bits: there are `1 << bits` of them in all.
  ///   - entries: in order.
  ///   - others: what belongs into a bucket besides, in any order.
  func write(
    _ buckets: [Int64], bits: Int, _ entries: [VaultIndex.Entry], others: (Int64) throws -> [VaultIndex.Entry]
  ) throws {
    var rest = entries[...]
    for bucket in buckets {
      let own = rest.prefix { $0.token.bucket(bits: bits) == bucket }
      rest = rest.dropFirst(own.count)
      let plaintext = VaultIndex.encode((try others(bucket) + own).sorted())
      try insert.bind(1, bucket)
      try insert.run(binding: keys.seal(plaintext, at: .init("buckets", row: bucket), random: random), at: 2)
    }
  }
}

/// The plaintext of a login's row: the GUID, then the record as it came.
struct LoginRow {
  let guid: String
  let json: SecretBytes

  init(guid: String, json: SecretBytes) {
    self.guid = guid
    self.json = json
  }

  init(sealed: UnsafeRawBufferPointer, row: Int64, keys: VaultKeys) throws {
    let plaintext = try keys.open(sealed, at: .init("logins", row: row))
    let length = plaintext.withUnsafeBytes { $0.first.map(Int.init) } ?? 0
    guard length > 0, plaintext.count > length, let guid = plaintext[1..<1 + length].exposedText() else {
      throw VaultError.damaged(part: "logins")
    }
    self.init(guid: guid, json: plaintext[1 + length..<plaintext.count])
  }

  var plaintext: SecretBytes {
    var builder = SecretBuilder(capacity: 1 + guid.utf8.count + json.count)
    builder.append(UInt8(clamping: guid.utf8.count))
    builder.append(guid)
    builder.append(json)
    return builder.finish()
  }

  /// The record; what was stored was valid, so anything else is damage.
  func record() throws -> LoginRecord {
    do {
      return try LoginRecord(json: json, bsoID: guid)
    } catch {
      throw VaultError.damaged(part: "logins")
    }
  }
}

/// The table of sealed logins.
struct LoginTable {
  private let select: SQLiteStatement
  private let connection: SQLiteConnection
  private let keys: VaultKeys

  init(connection: SQLiteConnection, keys: VaultKeys) throws {
    self.connection = connection
    self.keys = keys
    select = try connection.prepare("SELECT sealed FROM logins WHERE id=?")
  }

  func read(_ row: Int64) throws -> LoginRow {
    try select.bind(1, row)
    defer { select.reset() }
    guard try select.step() else { throw VaultError.damaged(part: "logins") }
    return try select.withBytes(0) { try LoginRow(sealed: $0, row: row, keys: keys) }
  }
}

/// The table of records that were set aside.
struct AsideTable {
  let connection: SQLiteConnection
  let keys: VaultKeys

  func all() throws -> [(row: Int64, record: SetAsideRecord)] {
    let statement = try connection.prepare("SELECT id, sealed FROM aside ORDER BY id")
    var records: [(Int64, SetAsideRecord)] = []
    while try statement.step() {
      let row = statement.integer(0)
      let text = try statement.withBytes(1) { try keys.open($0, at: .init("aside", row: row)) }
      guard let object = (try? JSONValue(parsing: text))?.object, let id = object["id"]?.string,
        let reason = object["reason"]?.string, let modified = object["modified"]?.integer
      else { throw VaultError.damaged(part: "set-aside records") }
      records.append((row, SetAsideRecord(id: id, reason: reason, modified: modified)))
    }
    return records
  }

  func write(_ record: SetAsideRecord, row: Int64, random: some RandomSource) throws {
    var writer = JSONObjectWriter()
    writer.member("id", record.id)
    writer.member("reason", record.reason)
    writer.member("modified", record.modified)
    let sealed = try keys.seal(writer.finish(), at: .init("aside", row: row), random: random)
    let insert = try connection.prepare("INSERT OR REPLACE INTO aside(id, sealed) VALUES(?, ?)")
    try insert.bind(1, row)
    try insert.run(binding: sealed, at: 2)
  }

  func remove(row: Int64) throws {
    let delete = try connection.prepare("DELETE FROM aside WHERE id=?")
    try delete.bind(1, row)
    try delete.run()
  }
}
