/// The outbox, the records set aside and the deleted logins within a transaction.
extension VaultUpdate {
  func outbox() throws -> [String: OutboxEntry] { try editOutbox { $0.values } }

  /// Returns the outbox entry with this GUID; `nil` if there is none.
  func outboxEntry(guid: String) throws -> OutboxEntry? { try editOutbox { $0[guid] } }

  func setOutbox(_ entry: OutboxEntry) throws {
    let login = entry.isDeletion ? nil : try row(guid: entry.guid)
    try editOutbox { outbox in
      try outbox.set(entry, random: vault.random)
      outbox.pin(entry.guid, to: login)
    }
  }

  /// Stores the new row of a login in its outbox entry, if there is one.
  func pinOutbox(_ guid: String, to row: LoginRow.Position) throws {
    guard outboxEditor != nil || summary.outbox > 0 else { return }
    try editOutbox { $0.pin(guid, to: row) }
  }

  func removeOutbox(guid: String) throws { _ = try editOutbox { try $0.remove(guid) } }

  @discardableResult
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool {
    let hadLogin = replacesLogin ? try remove(guid: record.id) : try row(guid: record.id) != nil
    try editAside { try $0.set(record, random: vault.random) }
    return hadLogin
  }

  func removeSetAside() throws {
    guard try asideCount() > 0 else { return }
    try editAside { try $0.removeAll() }
  }

  /// Removes the record set aside under an id.
  func removeSetAside(_ id: String) throws {
    guard try asideCount() > 0 else { return }
    _ = try editAside { try $0.remove(id) }
  }

  /// Returns the number of records set aside.
  func asideCount() throws -> Int { aside.map(\.count) ?? summary.lists[.aside] ?? 0 }

  func addDeleted(_ login: LoginRecord, reason: String, at time: Milliseconds) throws {
    try editDeleted { try $0.set(DeletedLogin(login: login, reason: reason, time: time), random: vault.random) }
  }

  @discardableResult
  func removeDeleted(guid: String) throws -> Bool { try editDeleted { try $0.remove(guid) } }

  func removeDeleted(before time: Milliseconds) throws {
    guard deleted != nil || summary.lists[.deleted] != 0 else { return }
    try editDeleted { deleted in
      for (guid, login) in deleted.values where login.time < time { try deleted.remove(guid) }
    }
  }

  func deletedLogins() throws -> [DeletedLogin] { try editDeleted { $0.values.values.sorted { $0.time < $1.time } } }

  // Each method moves the editor out of the update while it works, so that nothing is copied.

  private func editOutbox<Result>(_ body: (inout ListEditor<OutboxEntry>) throws -> Result) throws -> Result {
    var editor = try outboxEditor ?? ListEditor(self)
    outboxEditor = nil
    defer { outboxEditor = editor }
    return try body(&editor)
  }

  private func editAside<Result>(_ body: (inout ListEditor<SetAsideRecord>) throws -> Result) throws -> Result {
    var editor = try aside ?? ListEditor(self)
    aside = nil
    defer { aside = editor }
    return try body(&editor)
  }

  private func editDeleted<Result>(_ body: (inout ListEditor<DeletedLogin>) throws -> Result) throws -> Result {
    var editor = try deleted ?? ListEditor(self)
    deleted = nil
    defer { deleted = editor }
    return try body(&editor)
  }
}

extension VaultUpdate {
  /// Empties every list.
  func removeAllLists() throws {
    _ = try editOutbox { try $0.removeAll() }
    try editAside { try $0.removeAll() }
    try editDeleted { try $0.removeAll() }
  }

  /// Writes the changed lists of rows.
  func finishLists() throws {
    try outboxEditor?.finish(&summary, vault.documentTable, random: vault.random)
    try aside?.finish(&summary, vault.documentTable, random: vault.random)
    try deleted?.finish(&summary, vault.documentTable, random: vault.random)
  }
}
