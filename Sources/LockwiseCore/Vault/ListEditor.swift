/// A list within a change of the vault: its rows by GUID or id.
struct ListEditor<Row> {
  private var list: SealedList
  private var rows: [String: (row: Int64, value: Row)] = [:]
  private let text: (Row) -> SecretBytes
  private let key: (Row) -> String

  /// Reads all rows of a list.
  ///
  /// - Parameters:
  ///   - kind: the list.
  ///   - update: the change of the vault.
  ///   - parse: reads a row's text; `nil` means damage.
  ///   - text: returns a row's text.
  ///   - key: returns the GUID or id of a row, which is unique.
  /// - Throws: `VaultError.damaged` if a row is missing or not intact.
  init(
    _ kind: ListKind, _ update: VaultUpdate, parse: (SecretBytes) -> Row?, text: @escaping (Row) -> SecretBytes,
    key: @escaping (Row) -> String
  ) throws {
    self.text = text
    self.key = key
    list = try SealedList(kind, summary: update.summary, documents: update.vault.documentTable, keys: update.keys)
    var rows: [String: (row: Int64, value: Row)] = [:]
    try list.forEach { row, text in
      guard let value = parse(text) else { throw VaultError.damaged(part: String(describing: kind.table)) }
      rows[key(value)] = (row, value)
    }
    self.rows = rows
  }

  /// Reads the intact rows of a damaged list and removes the others.
  ///
  /// - Parameters:
  ///   - kind: the list.
  ///   - update: the change of the vault.
  ///   - parse: reads a row's text; `nil` removes it.
  ///   - text: returns a row's text.
  ///   - key: returns the GUID or id of a row.
  /// - Throws: `VaultError.damaged` if the list of rows itself is damaged.
  init(
    salvaging kind: ListKind, _ update: VaultUpdate, parse: (SecretBytes) throws -> Row?,
    text: @escaping (Row) -> SecretBytes, key: @escaping (Row) -> String, lost: inout Int
  ) throws {
    self.text = text
    self.key = key
    list = try SealedList(kind, summary: update.summary, documents: update.vault.documentTable, keys: update.keys)
    lost += try list.salvage { try parse($0) != nil }
    var rows: [String: (row: Int64, value: Row)] = [:]
    try list.forEach { row, text in
      if let value = try parse(text) { rows[key(value)] = (row, value) }
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
    let row = rows[key(value)]?.row ?? list.nextRow
    try list.write(text(value), row: row, random: random)
    rows[key(value)] = (row, value)
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
    let name = list.kind.document
    summary.lists[list.kind] = list.tags.count
    if let text = list.plaintext {
      summary.documents[name] = try documents.write(name, text, random: random)
    } else if summary.documents.removeValue(forKey: name) != nil {
      try documents.remove(name)
    }
  }
}
