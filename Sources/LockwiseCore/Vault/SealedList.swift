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

  private let table: SealedTable

  /// Reads the numbers and tags of the rows.
  ///
  /// - Throws: `VaultError.damaged` if the document is missing or not the latest version.
  init(_ kind: ListKind, _ vault: Vault, _ summary: VaultSummary) throws {
    self.kind = kind
    table = SealedTable(kind.table, connection: vault.file.connection, keys: vault.keys)
    guard let text = try vault.documentTable.read(kind.document, summary) else {
      guard summary.lists[kind] == 0 else { throw table.damage }
      return
    }
    let size = kind.isPinned ? 2 * Self.itemByteCount : Self.itemByteCount
    guard text.count % size == 0 else { throw table.damage }
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
    guard tags.count == summary.lists[kind], tags.count == text.count / size else { throw table.damage }
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

  /// The error for a row that is missing or not intact.
  var damage: VaultError { table.damage }

  /// Reads all rows in order.
  ///
  /// - Parameter body: called with each row's number and text.
  /// - Throws: `VaultError.damaged` if a row was added, is missing or is not the latest version; any error of `body`.
  func forEach(_ body: (Int64, SecretBytes) throws -> Void) throws {
    guard try table.forEach(tags, body) == tags.count else { throw table.damage }
  }

  /// Removes every row that is not intact or not in the list.
  ///
  /// - Parameter keeps: called with the text of each intact row; returns whether to keep it.
  /// - Returns: the number of rows lost.
  mutating func salvage(_ keeps: (SecretBytes) throws -> Bool) throws -> Int {
    let rows = try table.salvage(tags) { try keeps($0) ? () : nil }
    let lost = tags.count - rows.count
    if lost > 0 { isChanged = true }
    tags = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.tag) })
    pins = pins.filter { tags[$0.key] != nil }
    return lost
  }

  /// Adds or replaces a row.
  mutating func write(_ text: SecretBytes, row: Int64, random: some RandomSource) throws {
    tags[row] = try table.write(text, .number(row), random: random)
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
    try table.remove(.number(row))
    tags[row] = nil
    pins[row] = nil
    isChanged = true
  }

  /// Removes all rows, including those that are not in the list.
  mutating func removeAll() throws {
    try table.removeAll()
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
