/// The vault's lists: changes to upload, records set aside, and logins that another client deleted.
extension Vault {
  /// Returns the changes that are not uploaded yet, in the order of each login's first change.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func outbox() throws -> [OutboxEntry] { try rows() }

  /// Returns the number of changes that are not uploaded yet.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func outboxCount() throws -> Int { try summary().outbox }

  /// Returns the records that were set aside because they are not logins.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func setAsideRecords() throws -> [SetAsideRecord] { try rows() }

  /// Returns the logins that another client deleted and that are still kept, in the order in which the deletions were
  /// downloaded.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func deletedLogins() throws -> [DeletedLogin] { try rows() }

  private func rows<Row: ListRow>() throws -> [Row] {
    try file.reading {
      let list = try SealedList(Row.kind, self, summary())
      var rows: [Row] = []
      try list.forEach { _, text in
        guard let row = Row(text: text) else { throw list.damage }
        rows.append(row)
      }
      return rows
    }
  }
}
