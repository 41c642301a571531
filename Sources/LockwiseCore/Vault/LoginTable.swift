/// The plaintext of a login's row: the GUID and the record's original JSON.
struct LoginRow {
  let guid: String
  let json: SecretBytes

  init(guid: String, json: SecretBytes) {
    self.guid = guid
    self.json = json
  }

  /// Reads a row's plaintext.
  ///
  /// - Throws: `VaultError.damaged` if it is too short or the GUID is not text.
  init(plaintext: SecretBytes) throws {
    let length = plaintext.withUnsafeBytes { $0.first.map(Int.init) } ?? 0
    guard length > 0, plaintext.count > length, let guid = plaintext[1..<1 + length].exposedText() else {
      throw VaultError.damaged(part: "logins")
    }
    self.init(guid: guid, json: plaintext[1 + length..<plaintext.count])
  }

  /// The row's plaintext.
  var plaintext: SecretBytes {
    var builder = SecretBuilder(capacity: 1 + guid.utf8.count + json.count)
    builder.append(UInt8(clamping: guid.utf8.count))
    builder.append(guid)
    builder.append(json)
    return builder.finish()
  }

  /// Returns the parsed record.
  ///
  /// - Throws: `VaultError.damaged` if it is not a valid login, because only valid logins are stored.
  func record() throws -> LoginRecord {
    do {
      return try LoginRecord(json: json, bsoID: guid)
    } catch {
      throw VaultError.damaged(part: "logins")
    }
  }
}

/// The table of sealed logins. The index contains the tag of each row.
final class LoginTable {
  /// A row's number and its present tag.
  typealias Row = (id: Int64, tag: RowTag)

  private static let table: StaticString = "logins"

  private let connection: SQLiteConnection
  private let keys: VaultKeys
  private var select: SQLiteStatement?
  private var insert: SQLiteStatement?
  private var delete: SQLiteStatement?

  init(connection: SQLiteConnection, keys: VaultKeys) {
    self.connection = connection
    self.keys = keys
  }

  /// Reads a row.
  ///
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func read(_ row: Int64, _ tag: RowTag) throws -> LoginRow {
    let statement = try select ?? connection.prepare("SELECT sealed FROM logins WHERE id=?")
    select = statement
    try statement.bind(1, row)
    defer { statement.reset() }
    guard try statement.step() else { throw VaultError.damaged(part: "logins") }
    return try statement.withBytes(0) { try open($0, row, tag) }
  }

  /// Reads the rows below a bound in order.
  ///
  /// - Parameters:
  ///   - bound: the first row that is not read.
  ///   - tags: the tags of all rows, by row.
  ///   - body: called with each row.
  /// - Returns: the number of rows.
  /// - Throws: `VaultError.damaged` if a row is not the latest version; any error of `body`.
  @discardableResult
  func forEach(below bound: Int64, _ tags: [Int64: RowTag], _ body: (LoginRow) throws -> Void) throws -> Int {
    let statement = try connection.prepare("SELECT id, sealed FROM logins WHERE id<? ORDER BY id")
    try statement.bind(1, bound)
    defer { statement.reset() }
    var count = 0
    var last = Int64.min
    while try statement.step() {
      let row = statement.integer(0)
      // Rows must ascend: a damaged file could return rows endlessly.
      guard row > last, let tag = tags[row] else { throw VaultError.damaged(part: "logins") }
      last = row
      try body(try statement.withBytes(1) { try open($0, row, tag) })
      count += 1
    }
    return count
  }

  /// Removes every row that is not intact.
  ///
  /// - Parameter tags: the known tags by row.
  /// - Returns: the intact rows.
  func salvage(_ tags: [Int64: RowTag]) throws -> [(id: Int64, tag: RowTag, login: LoginRecord)] {
    var intact: [(Int64, RowTag, LoginRecord)] = []
    var others: [Int64] = []
    let statement = try connection.prepare("SELECT id, sealed FROM logins ORDER BY id")
    var last = Int64.min
    while try statement.step() {
      let row = statement.integer(0)
      guard row > last else { throw VaultError.damaged(part: "logins") }
      last = row
      let login = statement.withBytes(1) { sealed in
        tags[row].flatMap { tag in (try? open(sealed, row, tag).record()).map { (row, tag, $0) } }
      }
      if let login { intact.append(login) } else { others.append(row) }
    }
    statement.reset()
    for row in others { try remove(row) }
    return intact
  }

  /// Writes a row.
  ///
  /// - Returns: the row's tag.
  func write(_ login: LoginRow, row: Int64, random: some RandomSource) throws -> RowTag {
    let statement = try insert ?? connection.prepare("INSERT OR REPLACE INTO logins(id, sealed) VALUES(?, ?)")
    insert = statement
    let sealed = try keys.seal(login.plaintext, at: .init(Self.table, row: row), random: random)
    try statement.bind(1, row)
    try statement.run(binding: sealed, at: 2)
    return RowTag(sealed: sealed)
  }

  /// Removes a row.
  func remove(_ row: Int64) throws {
    let statement = try delete ?? connection.prepare("DELETE FROM logins WHERE id=?")
    delete = statement
    try statement.bind(1, row)
    try statement.run()
  }

  private func open(_ sealed: UnsafeRawBufferPointer, _ row: Int64, _ tag: RowTag) throws -> LoginRow {
    try LoginRow(plaintext: keys.open(sealed, at: .init(Self.table, row: row), tag: tag))
  }
}
