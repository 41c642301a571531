/// The rows of the vault's lists: what waits for the server, what was set aside, what was deleted elsewhere.
extension Vault {
  /// What is not on the server yet, in the order in which it was first changed.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func outbox() throws -> [OutboxEntry] { try rows(.outbox, OutboxEntry.init(text:)) }

  /// How many changes are not on the server yet.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func outboxCount() throws -> Int { try summary().outbox }

  /// The records that were set aside because they are not logins.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func setAsideRecords() throws -> [SetAsideRecord] { try rows(.aside, SetAsideRecord.init(text:)) }

  /// The logins that another client deleted and that are still kept, in the order in which the vault learned of it.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func deletedLogins() throws -> [DeletedLogin] { try rows(.deleted, DeletedLogin.init(text:)) }

  private func rows<Row>(_ kind: ListKind, _ parse: (SecretBytes) -> Row?) throws -> [Row] {
    try file.reading {
      let list = try SealedList(kind, summary: summary(), documents: documentTable, keys: keys)
      var rows: [Row] = []
      try list.forEach { _, text in
        guard let row = parse(text) else { throw VaultError.damaged(part: String(describing: kind.table)) }
        rows.append(row)
      }
      return rows
    }
  }
}
