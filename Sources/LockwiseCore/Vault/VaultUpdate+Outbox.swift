/// The outbox within a change of the vault.
extension VaultUpdate {
  private var outboxTable: OutboxTable { OutboxTable(connection: connection, keys: keys) }

  private func loadOutbox() throws {
    guard outboxRows == nil else { return }
    let rows = try outboxTable.all(expected: summary.outbox)
    outboxRows = Dictionary(rows.map { ($0.entry.guid, $0) }) { _, last in last }
    nextOutboxRow = (rows.map(\.id).max() ?? 0) + 1
  }

  func outbox() throws -> [String: OutboxEntry] {
    try loadOutbox()
    return (outboxRows ?? [:]).mapValues(\.entry)
  }

  func outboxEntry(guid: String) throws -> OutboxEntry? {
    try loadOutbox()
    return outboxRows?[guid]?.entry
  }

  func setOutbox(_ entry: OutboxEntry) throws {
    try loadOutbox()
    let row: Int64
    if let known = outboxRows?[entry.guid] {
      row = known.id
    } else {
      row = nextOutboxRow
      nextOutboxRow += 1
      summary.outbox += 1
    }
    outboxRows?[entry.guid] = OutboxTable.Row(id: row, entry: entry)
    try outboxTable.write(entry, row: row, random: vault.random)
  }

  func removeOutbox(guid: String) throws {
    try loadOutbox()
    guard let row = outboxRows?.removeValue(forKey: guid) else { return }
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
