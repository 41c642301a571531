/// Operations on logins that another client deleted.
extension LoginEditor {
  /// Returns the deleted logins that the vault still keeps, oldest deletion first.
  ///
  /// - Throws: `VaultError` if the vault cannot be read.
  public func deletedLogins() throws -> [DeletedLogin] {
    try update.map { try $0.deletedLogins() } ?? vault.deletedLogins()
  }

  /// Restores a login that another client deleted, under its GUID.
  ///
  /// - Returns: the restored login.
  /// - Throws: `Failure.noSuchLogin` if it is not kept; `Failure.duplicate` if it exists again or Firefox would treat
  ///   another login as the same one; `VaultError`; `CryptoError`.
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
    // The change is based on the deletion, so the deletion is older if it is downloaded again, whatever the clocks say.
    if pending == nil { entry.recordServerVersion(Tombstone(guid: guid).json) }
    try update.setOutbox(entry)
    try update.removeDeleted(guid: guid)
    try finish(update)
    return login
  }
}
