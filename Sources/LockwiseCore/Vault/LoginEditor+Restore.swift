/// Logins that another client deleted.
extension LoginEditor {
  /// The deleted logins that the vault still keeps, the oldest deletion first.
  ///
  /// - Throws: `VaultError`.
  public func deletedLogins() throws -> [DeletedLogin] { try vault.deletedLogins() }

  /// Puts back a login that another client deleted, under its GUID.
  ///
  /// - Returns: the login.
  /// - Throws: `Failure.noSuchLogin` if it is not kept; `Failure.duplicate` if it is there again, or another that Firefox
  ///   would take for the same; `VaultError`; `CryptoError`.
  @discardableResult
  public func restore(guid: String) throws -> LoginRecord {
    let update = try begin()
    guard let login = try update.deletedLogins().first(where: { $0.login.guid.isSameText(as: guid) })?.login else {
      throw Failure.noSuchLogin
    }
    if try update.login(guid: guid) != nil { throw Failure.duplicate(of: guid) }
    if let other = try update.sameLogins(as: login).first { throw Failure.duplicate(of: other.guid) }
    try update.store(login)
    let pending = try update.outboxEntry(guid: guid)
    var entry = OutboxEntry(guid: guid, after: pending, over: nil, changed: now(), revision: try revision())
    // Based on the deletion: if that comes again, it is older, whatever the clocks say.
    if pending == nil { entry.noteServer(Tombstone(guid: guid).json) }
    try update.setOutbox(entry)
    try update.dropDeleted(guid: guid)
    try finish(update)
    return login
  }
}
