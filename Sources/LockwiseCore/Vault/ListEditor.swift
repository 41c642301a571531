/// A value that is a row of a list.
protocol ListRow: StoredDocument {
  /// The list.
  static var kind: ListKind { get }
  /// The GUID or id of the row, which is unique in the list.
  var key: String { get }
}

/// A list within a change of the vault: its rows by GUID or id.
struct ListEditor<Row: ListRow> {
  private var list: SealedList
  private var rows: [String: (row: Int64, value: Row)] = [:]

  /// Reads all rows of a list.
  ///
  /// - Throws: `VaultError.damaged` if a row is missing or not intact.
  init(_ update: VaultUpdate) throws {
    list = try SealedList(Row.kind, update.vault, update.summary)
    var rows: [String: (row: Int64, value: Row)] = [:]
    try list.forEach { row, text in
      guard let value = Row(text: text) else { throw list.damage }
      rows[value.key] = (row, value)
    }
    self.rows = rows
  }

  /// Reads the intact rows of a damaged list and removes the others.
  ///
  /// - Parameters:
  ///   - update: the change of the vault.
  ///   - parse: reads a row's text; `nil` removes it.
  ///   - lost: increased by the number of rows that are not intact.
  /// - Throws: `VaultError.damaged` if the list of rows itself is damaged; any error of `parse`.
  init(salvaging update: VaultUpdate, parse: (SecretBytes) throws -> Row?, lost: inout Int) throws {
    list = try SealedList(Row.kind, update.vault, update.summary)
    lost += try list.salvage { try parse($0) != nil }
    var rows: [String: (row: Int64, value: Row)] = [:]
    try list.forEach { row, text in
      if let value = try parse(text) { rows[value.key] = (row, value) }
    }
    self.rows = rows
  }

  /// The number of rows.
  var count: Int { rows.count }

  /// All rows by key.
  var values: [String: Row] { rows.mapValues(\.value) }

  /// The row with this key; `nil` if there is none.
  subscript(key: String) -> Row? { rows[key]?.value }

  /// Adds a row or replaces the one with its key.
  mutating func set(_ value: Row, random: some RandomSource) throws {
    let row = rows[value.key]?.row ?? list.nextRow
    try list.write(value.text, row: row, random: random)
    rows[value.key] = (row, value)
  }

  /// Stores the login that the row with this key refers to, if there is such a row.
  mutating func pin(_ key: String, to login: (id: Int64, tag: RowTag)?) {
    if let row = rows[key]?.row { list.pin(row: row, to: login) }
  }

  /// Removes the row with this key.
  ///
  /// - Returns: whether the row existed.
  @discardableResult
  mutating func remove(_ key: String) throws -> Bool {
    guard let found = rows.removeValue(forKey: key) else { return false }
    try list.remove(row: found.row)
    return true
  }

  /// Removes every row.
  mutating func removeAll() throws {
    rows = [:]
    try list.removeAll()
  }

  /// Writes the list of rows if it changed.
  func finish(_ summary: inout VaultSummary, _ documents: DocumentTable, random: some RandomSource) throws {
    guard list.isChanged else { return }
    summary.lists[list.kind] = list.tags.count
    try documents.write(list.kind.document, list.plaintext, &summary, random: random)
  }
}
