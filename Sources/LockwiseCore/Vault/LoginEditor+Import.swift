/// Operations on whole records of another program's file.
extension LoginEditor {
  /// Adds a record that must not exist, with every member as given.
  ///
  /// - Throws: `Failure.duplicate` if the id is in use or Firefox would treat an existing login as the same one;
  ///   `VaultError`; `CryptoError`.
  package func addNew(_ login: LoginRecord) throws {
    let update = try begin()
    guard try update.login(guid: login.guid) == nil else { throw Failure.duplicate(of: login.guid) }
    if let known = try update.sameLogins(as: login).first { throw Failure.duplicate(of: known.guid) }
    let pending = try update.outboxEntry(guid: login.guid)
    try update.store(login)
    try update.setOutbox(OutboxEntry(guid: login.guid, after: pending, over: nil, changed: now(), revision: revision()))
    try finish(update)
  }
}
