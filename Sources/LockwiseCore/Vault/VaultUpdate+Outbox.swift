/// The outbox within a change of the vault.
extension VaultUpdate {
  private var outboxTable: OutboxTable { OutboxTable(connection: connection, keys: keys) }

  private func loadedOutbox() throws -> [String: OutboxTable.Row] {
    if let outboxRows { return outboxRows }
    let rows = try outboxTable.all(expected: summary.outbox)
    let loaded = Dictionary(rows.map { ($0.entry.guid, $0) }) { _, last in last }
    outboxRows = loaded
    return loaded
  }

  func outbox() throws -> [String: OutboxEntry] { try loadedOutbox().mapValues(\.entry) }

  func setOutbox(_ entry: OutboxEntry) throws {
    var rows = try loadedOutbox()
    let row: Int64
    if let known = rows[entry.guid] {
      row = known.id
    } else {
      row = (rows.values.map(\.id).max() ?? 0) + 1
      summary.outbox += 1
    }
    rows[entry.guid] = OutboxTable.Row(id: row, entry: entry)
    outboxRows = rows
    try outboxTable.write(entry, row: row, random: vault.random)
  }

  func removeOutbox(guid: String) throws {
    var rows = try loadedOutbox()
    guard let row = rows.removeValue(forKey: guid) else { return }
    outboxRows = rows
    summary.outbox -= 1
    try outboxTable.remove(row: row.id)
  }
}

extension Vault {
  /// What is not on the server yet, in the order in which it was first changed.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func outbox() throws -> [OutboxEntry] {
    guard file.hasOutbox else { return [] }
    return try file.reading {
      try OutboxTable(connection: file.connection, keys: keys).all(expected: summary().outbox).map(\.entry)
    }
  }

  /// How many changes are not on the server yet.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func outboxCount() throws -> Int { try summary().outbox }
}
