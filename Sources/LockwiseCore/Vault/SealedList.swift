/// The rows of a list, with their numbers, tags and texts.
struct SealedList {
  /// The length of a row's item and of a pin in bytes.
  private static let itemByteCount = 8 + RowTag.byteCount

  /// The list.
  let kind: ListKind
  /// The tags of the list's rows, by row.
  private(set) var tags: [Int64: RowTag] = [:]
  /// The login of each change in the outbox and its tag, by row. With them the latest version of the login is known
  /// even if the index is lost.
  private(set) var pins: [Int64: (login: Int64, tag: RowTag)] = [:]
  /// Whether the list differs from the file.
  private(set) var isChanged = false

  private let connection: SQLiteConnection
  private let keys: VaultKeys

  /// Reads the numbers and tags of the rows.
  ///
  /// - Throws: `VaultError.damaged` if the document is missing or not the latest version.
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
    let size = kind.isPinned ? 2 * Self.itemByteCount : Self.itemByteCount
    guard text.count % size == 0 else { throw damage }
    try text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, part: String(describing: kind.table))
      while !reader.isAtEnd {
        let row = try reader.integer(Int64.self)
        tags[row] = try reader.tag()
        guard kind.isPinned else { continue }
        let pin = (login: try reader.integer(Int64.self), tag: try reader.tag())
        if pin.login != 0 { pins[row] = pin }
      }
    }
    guard tags.count == summary.lists[kind], tags.count == text.count / size else { throw damage }
  }

  /// The list's plaintext: number and tag of each row in order, in the outbox followed by those of its login; `nil` if
  /// the list is empty.
  var plaintext: SecretBytes? {
    guard !tags.isEmpty else { return nil }
    var builder = SecretBuilder(capacity: 2 * tags.count * Self.itemByteCount)
    func append(_ row: Int64, _ tag: RowTag) {
      withUnsafeBytes(of: row.littleEndian) { builder.append($0) }
      tag.append(to: &builder)
    }
    for (row, tag) in tags.sorted(by: { $0.key < $1.key }) {
      append(row, tag)
      guard kind.isPinned else { continue }
      append(pins[row]?.login ?? 0, pins[row]?.tag ?? .missing)
    }
    return builder.finish()
  }

  /// The number for a new row.
  var nextRow: Int64 { (tags.keys.max() ?? 0) + 1 }

  /// Reads all rows in order.
  ///
  /// - Parameter body: called with each row's number and text.
  /// - Throws: `VaultError.damaged` if a row was added, is missing or is not the latest version; any error of `body`.
  func forEach(_ body: (Int64, SecretBytes) throws -> Void) throws {
    let statement = try connection.prepare("SELECT id, sealed FROM \(kind.table) ORDER BY id")
    defer { statement.reset() }
    var count = 0
    while try statement.step() {
      let row = statement.integer(0)
      count += 1
      // A damaged file could return rows endlessly.
      guard count <= tags.count, let tag = tags[row] else {
        throw VaultError.damaged(part: String(describing: kind.table))
      }
      try body(row, try statement.withBytes(1) { try keys.open($0, at: .init(kind.table, row: row), tag: tag) })
    }
    guard count == tags.count else { throw VaultError.damaged(part: String(describing: kind.table)) }
  }

  /// Removes every row that is not intact or not in the list.
  ///
  /// - Parameter keeps: called with the text of each intact row; returns whether to keep it.
  /// - Returns: the number of rows lost.
  mutating func salvage(_ keeps: (SecretBytes) throws -> Bool) throws -> Int {
    var intact: [Int64: RowTag] = [:]
    var others: [Int64] = []
    let statement = try connection.prepare("SELECT id, sealed FROM \(kind.table) ORDER BY id")
    var last = Int64.min
    while try statement.step() {
      let row = statement.integer(0)
      guard row > last else { throw VaultError.damaged(part: String(describing: kind.table)) }
      last = row
      let text = statement.withBytes(1) { sealed in
        tags[row].flatMap { try? keys.open(sealed, at: .init(kind.table, row: row), tag: $0) }
      }
      if let text, try keeps(text) { intact[row] = tags[row] } else { others.append(row) }
    }
    statement.reset()
    let lost = tags.count - intact.count
    for row in others { try remove(row: row) }
    if lost > 0 { isChanged = true }
    tags = intact
    pins = pins.filter { intact[$0.key] != nil }
    return lost
  }

  /// Adds or replaces a row.
  mutating func write(_ text: SecretBytes, row: Int64, random: some RandomSource) throws {
    let sealed = try keys.seal(text, at: .init(kind.table, row: row), random: random)
    let insert = try connection.prepare("INSERT OR REPLACE INTO \(kind.table)(id, sealed) VALUES(?, ?)")
    try insert.bind(1, row)
    try insert.run(binding: sealed, at: 2)
    tags[row] = RowTag(sealed: sealed)
    isChanged = true
  }

  /// Stores the login that a row refers to; `nil` if the vault does not have it.
  mutating func pin(row: Int64, to login: (id: Int64, tag: RowTag)?) {
    let pin = login.map { (login: $0.id, tag: $0.tag) }
    guard pins[row]?.login != pin?.login || pins[row]?.tag != pin?.tag else { return }
    pins[row] = pin
    isChanged = true
  }

  /// Removes a row.
  mutating func remove(row: Int64) throws {
    let delete = try connection.prepare("DELETE FROM \(kind.table) WHERE id=?")
    try delete.bind(1, row)
    try delete.run()
    tags[row] = nil
    pins[row] = nil
    isChanged = true
  }

  /// Removes all rows, including those that are not in the list.
  mutating func removeAll() throws {
    try connection.run("DELETE FROM \(kind.table)")
    tags = [:]
    pins = [:]
    isChanged = true
  }
}

/// A small table of sealed rows that is read as a whole. The sealed document named `.` and the table's name lists its
/// rows and their tags.
enum ListKind: CaseIterable {
  /// Changes that are not uploaded yet.
  case outbox
  /// Records of the server that are not logins.
  case aside
  /// Logins that another client deleted.
  case deleted

  /// The table's name.
  var table: StaticString {
    switch self {
    case .outbox: "outbox"
    case .aside: "aside"
    case .deleted: "deleted"
    }
  }

  /// Whether the list contains the login of each row.
  var isPinned: Bool { self == .outbox }

  /// The name of the list's row in the table `documents`.
  var document: String { ".\(table)" }
}
