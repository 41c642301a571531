/// A table of sealed rows.
///
/// The tag of each row's latest version is in another sealed row. So a row that is missing, was changed or moved, or is
/// an earlier version is detected.
final class SealedTable {
  /// The identification of a row: a number, or in `documents` a name.
  typealias Row = VaultKeys.RowContext.Row

  /// The table's name, which is also the part of the vault that errors name.
  let name: StaticString
  private let key: StaticString
  private let connection: SQLiteConnection
  private let keys: VaultKeys
  // Statements that are prepared on first use.
  private var select: SQLiteStatement?
  private var insert: SQLiteStatement?
  private var delete: SQLiteStatement?

  /// Makes the table without reading anything.
  ///
  /// - Parameters:
  ///   - name: the table's name.
  ///   - key: the column of the rows' numbers or names.
  ///   - connection: the vault's file.
  ///   - keys: the vault's keys.
  init(_ name: StaticString, key: StaticString = "id", connection: SQLiteConnection, keys: VaultKeys) {
    self.name = name
    self.key = key
    self.connection = connection
    self.keys = keys
  }

  /// The error for a row that is missing or not intact.
  var damage: VaultError { .damaged(part: String(describing: name)) }

  /// Reads a row.
  ///
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func read(_ row: Row, _ tag: RowTag) throws -> SecretBytes {
    try withSealed(row) { try open($0, row, tag) }
  }

  /// Calls `body` with a row's sealed bytes, which are valid only during the call.
  ///
  /// - Throws: `VaultError.damaged` if the row is missing; any error of `body`.
  func withSealed<Result>(_ row: Row, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let statement = try select ?? connection.prepare("SELECT sealed FROM \(name) WHERE \(key)=?")
    select = statement
    try statement.bind(1, row)
    defer { statement.reset() }
    guard try statement.step() else { throw damage }
    return try statement.withBytes(0, body)
  }

  /// Adds or replaces a row.
  ///
  /// - Returns: the row's tag.
  func write(_ plaintext: SecretBytes, _ row: Row, random: some RandomSource) throws -> RowTag {
    let statement = try insert ?? connection.prepare("INSERT OR REPLACE INTO \(name)(\(key), sealed) VALUES(?, ?)")
    insert = statement
    let sealed = try keys.seal(plaintext, at: .init(name, row), random: random)
    try statement.bind(1, row)
    try statement.run(binding: sealed, at: 2)
    return RowTag(sealed: sealed)
  }

  /// Removes a row.
  func remove(_ row: Row) throws {
    let statement = try delete ?? connection.prepare("DELETE FROM \(name) WHERE \(key)=?")
    delete = statement
    try statement.bind(1, row)
    try statement.run()
  }

  /// Removes all rows.
  func removeAll() throws { try connection.run("DELETE FROM \(name)") }

  /// Reads numbered rows in order.
  ///
  /// - Parameters:
  ///   - last: the last row that is read.
  ///   - tags: the tags of all rows, by row.
  ///   - body: called with each row's number and plaintext.
  /// - Returns: the number of rows.
  /// - Throws: `VaultError.damaged` if a row was added or is not the latest version; any error of `body`.
  @discardableResult
  func forEach(
    through last: Int64 = .max, _ tags: [Int64: RowTag], _ body: (Int64, SecretBytes) throws -> Void
  ) throws -> Int {
    var count = 0
    try forEachSealed(through: last) { row, sealed in
      guard let tag = tags[row] else { throw damage }
      try body(row, try open(sealed, .number(row), tag))
      count += 1
    }
    return count
  }

  /// Removes every numbered row that is not intact or not wanted.
  ///
  /// - Parameters:
  ///   - tags: the known tags, by row.
  ///   - parse: called with the plaintext of each intact row; `nil` removes the row.
  /// - Returns: the remaining rows.
  /// - Throws: `VaultError` if the table cannot be read or written; any error of `parse`.
  func salvage<Value>(
    _ tags: [Int64: RowTag], _ parse: (SecretBytes) throws -> Value?
  ) throws -> [(id: Int64, tag: RowTag, value: Value)] {
    var intact: [(Int64, RowTag, Value)] = []
    var others: [Int64] = []
    try forEachSealed { row, sealed in
      guard let tag = tags[row], let text = try? open(sealed, .number(row), tag), let value = try parse(text) else {
        return others.append(row)
      }
      intact.append((row, tag, value))
    }
    for row in others { try remove(.number(row)) }
    return intact
  }

  private func forEachSealed(
    through last: Int64 = .max, _ body: (Int64, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let statement = try connection.prepare("SELECT id, sealed FROM \(name) WHERE id<=? ORDER BY id")
    try statement.bind(1, last)
    defer { statement.reset() }
    var previous = Int64.min
    while try statement.step() {
      let row = statement.integer(0)
      // Rows must ascend: a damaged file could return rows endlessly.
      guard row > previous else { throw damage }
      previous = row
      try statement.withBytes(1) { try body(row, $0) }
    }
  }

  private func open(_ sealed: UnsafeRawBufferPointer, _ row: Row, _ tag: RowTag) throws -> SecretBytes {
    try keys.open(sealed, at: .init(name, row), tag: tag)
  }
}

extension SQLiteStatement {
  /// Binds a row's number or name to the parameter `index`, starting from 1.
  fileprivate func bind(_ index: Int32, _ row: SealedTable.Row) throws {
    switch row {
    case .number(let number): try bind(index, number)
    case .name(let name): try bind(index, name)
    }
  }
}
