/// The rows of one list: which there are, and their texts.
struct SealedList {
  private static let itemByteCount = 8 + RowTag.byteCount

  /// Which list.
  let kind: ListKind
  /// The tags of the rows that belong to the list, by row.
  private(set) var tags: [Int64: RowTag] = [:]
  /// Whether it differs from what is in the file.
  private(set) var isChanged = false

  private let connection: SQLiteConnection
  private let keys: VaultKeys

  /// Reads which rows there are.
  ///
  /// - Throws: `VaultError.damaged` if it is not the list's present state.
  init(_ kind: ListKind, summary: VaultSummary, documents: DocumentTable, keys: VaultKeys) throws {
    self.kind = kind
    self.keys = keys
    connection = documents.connection
    let damage = VaultError.damaged(part: String(describing: kind.table))
    let text = try documents.read(kind.document, summary)
    guard let text else {
      guard summary.lists[kind] == 0 else { throw damage }
      return
    }
    guard text.count % Self.itemByteCount == 0 else { throw damage }
    try text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, part: String(describing: kind.table))
      while !reader.isAtEnd { tags[try reader.integer(Int64.self)] = try reader.tag() }
    }
    guard tags.count == summary.lists[kind], tags.count == text.count / Self.itemByteCount else { throw damage }
  }

  /// The list's plaintext: row and tag of each, in the order of the rows; `nil` if it is empty.
  var plaintext: SecretBytes? {
    guard !tags.isEmpty else { return nil }
    var builder = SecretBuilder(capacity: tags.count * Self.itemByteCount)
    for (row, tag) in tags.sorted(by: { $0.key < $1.key }) {
      withUnsafeBytes(of: row.littleEndian) { builder.append($0) }
      tag.append(to: &builder)
    }
    return builder.finish()
  }

  /// A row that there never was while the present ones were there.
  var nextRow: Int64 { (tags.keys.max() ?? 0) + 1 }

  /// Reads all rows, in order.
  ///
  /// - Parameter body: is handed each row and its text.
  /// - Throws: `VaultError.damaged` if one is missing, changed, put back or added; what `body` throws.
  func forEach(_ body: (Int64, SecretBytes) throws -> Void) throws {
    let statement = try connection.prepare("SELECT id, sealed FROM \(kind.table) ORDER BY id")
    defer { statement.reset() }
    var count = 0
    while try statement.step() {
      let row = statement.integer(0)
      count += 1
      // More rows than there may be: a damaged file could go on for ever.
      guard count <= tags.count, let tag = tags[row] else { break }
      try body(row, try statement.withBytes(1) { try keys.open($0, at: .init(kind.table, row: row), tag: tag) })
    }
    guard count == tags.count else { throw VaultError.damaged(part: String(describing: kind.table)) }
  }

  /// Adds a row or replaces it.
  mutating func write(_ text: SecretBytes, row: Int64, random: some RandomSource) throws {
    let sealed = try keys.seal(text, at: .init(kind.table, row: row), random: random)
    let insert = try connection.prepare("INSERT OR REPLACE INTO \(kind.table)(id, sealed) VALUES(?, ?)")
    try insert.bind(1, row)
    try insert.run(binding: sealed, at: 2)
    tags[row] = RowTag(sealed: sealed)
    isChanged = true
  }

  /// Removes a row.
  mutating func remove(row: Int64) throws {
    let delete = try connection.prepare("DELETE FROM \(kind.table) WHERE id=?")
    try delete.bind(1, row)
    try delete.run()
    tags[row] = nil
    isChanged = true
  }

  /// Removes every row, listed or not.
  mutating func removeAll() throws {
    try connection.run("DELETE FROM \(kind.table)")
    tags = [:]
    isChanged = true
  }
}
