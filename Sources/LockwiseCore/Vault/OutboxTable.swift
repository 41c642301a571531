/// The table of changes that are not on the server yet. How many there are stands in the index's summary, so that a
/// row that was removed from outside is noticed.
struct OutboxTable {
  /// One entry and where it stands.
  struct Row {
    let id: Int64
    let entry: OutboxEntry
  }

  let connection: SQLiteConnection
  let keys: VaultKeys

  func all(expected: Int) throws -> [Row] {
    let statement = try connection.prepare("SELECT id, sealed FROM outbox ORDER BY id")
    var rows: [Row] = []
    while try statement.step() {
      let id = statement.integer(0)
      let text = try statement.withBytes(1) { try keys.open($0, at: .init("outbox", row: id)) }
      guard let entry = OutboxEntry(text: text) else { throw VaultError.damaged(part: "outbox") }
      rows.append(Row(id: id, entry: entry))
    }
    guard rows.count == expected else { throw VaultError.damaged(part: "outbox") }
    return rows
  }

  func write(_ entry: OutboxEntry, row: Int64, random: some RandomSource) throws {
    let sealed = try keys.seal(entry.text, at: .init("outbox", row: row), random: random)
    let insert = try connection.prepare("INSERT OR REPLACE INTO outbox(id, sealed) VALUES(?, ?)")
    try insert.bind(1, row)
    try insert.run(binding: sealed, at: 2)
  }

  func remove(row: Int64) throws {
    let delete = try connection.prepare("DELETE FROM outbox WHERE id=?")
    try delete.bind(1, row)
    try delete.run()
  }
}
