/// Changes the logins of a vault. When a call returns, the change is durable, visible to all readers and in the outbox.
public struct LoginEditor {
  /// The reason why a change was not made.
  public enum Failure: Error, Equatable, Sendable {
    /// There is no login with this GUID.
    case noSuchLogin
    /// Firefox would treat the result as the same login as the one with this GUID and drop one of them.
    case duplicate(of: String)
  }

  let vault: Vault
  /// The transaction of several changes; `nil` outside of one.
  let update: VaultUpdate?
  let now: () -> Milliseconds

  /// Makes an editor.
  ///
  /// - Parameters:
  ///   - vault: a vault that is open for writing.
  ///   - now: the clock.
  public init(vault: Vault, now: @escaping () -> Milliseconds) {
    self.init(vault: vault, update: nil, now: now)
  }

  private init(vault: Vault, update: VaultUpdate?, now: @escaping () -> Milliseconds) {
    self.vault = vault
    self.update = update
    self.now = now
  }

  /// Makes several changes in one transaction. They are durable when the call returns and undone if `body` throws. In
  /// another transaction they become part of that one.
  ///
  /// - Parameter body: makes the changes with the editor that it receives. It must not use the vault itself.
  /// - Returns: the result of `body`.
  /// - Throws: `VaultError`; any error of `body`.
  public func transaction<Result>(_ body: (LoginEditor) throws -> Result) throws -> Result {
    guard self.update == nil else { return try body(self) }
    let update = try VaultUpdate(vault: vault)
    let result = try body(LoginEditor(vault: vault, update: update, now: now))
    try update.commit()
    return result
  }

  /// Returns the login with this GUID, including changes made so far; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if the vault cannot be read.
  public func login(guid: String) throws -> LoginRecord? {
    try update.map { try $0.login(guid: guid) } ?? vault.login(guid: guid)
  }

  /// Changes a document together with the logins.
  ///
  /// - Parameter change: is given the document's text and returns its new one; `nil` stands for no document.
  /// - Throws: `VaultError`; any error of `change`.
  public func changeDocument(_ name: DocumentName, _ change: (SecretBytes?) throws -> SecretBytes?) throws {
    let update = try begin()
    if try update.changeDocument(name, change) { try finish(update) }
  }

  func begin() throws -> VaultUpdate { try update ?? VaultUpdate(vault: vault) }

  func finish(_ update: VaultUpdate) throws {
    if self.update == nil { try update.commit() }
  }

  /// Adds a login. If Firefox would treat an existing login as the same one, that login gets the draft's password and
  /// members instead. Of its member `lockwise` it keeps what the draft does not have.
  ///
  /// - Returns: the stored login.
  /// - Throws: `LoginRecordError` if Firefox would refuse it; `VaultError`; `CryptoError`.
  @discardableResult
  public func add(_ draft: LoginDraft) throws -> LoginRecord {
    let update = try begin()
    let login = try record(of: draft)
    guard let known = try update.sameLogins(as: login).first else { return try storeNew(login, update) }
    var changes = LoginChanges()
    changes.password = draft.password
    changes.members = draft.members.map { member in
      let isOurs = member.name == LockwiseMember.name && known.lockwise != nil
      return (member.name, isOurs ? LockwiseMember.text(known.lockwise, adding: member.json) : member.json)
    }
    return try store(known.changed(by: changes, now: now()), over: known, update)
  }

  /// Adds a login that must not exist.
  ///
  /// - Returns: the stored login.
  /// - Throws: `Failure.duplicate` if Firefox would treat an existing login as the same one; `LoginRecordError` if
  ///   Firefox would refuse it; `VaultError`; `CryptoError`.
  @discardableResult
  public func addNew(_ draft: LoginDraft) throws -> LoginRecord {
    let update = try begin()
    let login = try record(of: draft)
    if let known = try update.sameLogins(as: login).first { throw Failure.duplicate(of: known.guid) }
    return try storeNew(login, update)
  }

  private func record(of draft: LoginDraft) throws -> LoginRecord {
    try draft.record(guid: LoginGUID.make(vault.random), now: now())
  }

  private func storeNew(_ login: LoginRecord, _ update: VaultUpdate) throws -> LoginRecord {
    try update.store(login)
    try update.setOutbox(OutboxEntry(guid: login.guid, base: nil, changed: now(), revision: revision()))
    try finish(update)
    return login
  }

  /// Changes a login.
  ///
  /// - Returns: the stored login.
  /// - Throws: `Failure`; `LoginRecordError` if Firefox would refuse the result; `VaultError`; `CryptoError`.
  @discardableResult
  public func change(guid: String, _ changes: LoginChanges) throws -> LoginRecord {
    let update = try begin()
    guard let known = try update.login(guid: guid) else { throw Failure.noSuchLogin }
    let changed = try known.changed(by: changes, now: now())
    if !changed.isSameLogin(as: known), let other = try update.sameLogins(as: changed).first {
      throw Failure.duplicate(of: other.guid)
    }
    return try store(changed, over: known, update)
  }

  /// Deletes a login.
  ///
  /// - Throws: `Failure.noSuchLogin`; `VaultError`; `CryptoError`.
  public func delete(guid: String) throws {
    let update = try begin()
    guard let known = try update.login(guid: guid) else { throw Failure.noSuchLogin }
    let pending = try update.outboxEntry(guid: guid)
    try update.remove(guid: guid)
    if let pending, pending.base == nil, !pending.wasSent {
      // The login was never uploaded.
      try update.removeOutbox(guid: guid)
    } else {
      try update.setOutbox(
        OutboxEntry(
          guid: guid, isDeletion: true, after: pending, over: known.json, changed: now(), revision: revision()))
    }
    try finish(update)
  }

  /// Replaces a login, records the change in the outbox and commits the update.
  func store(_ login: LoginRecord, over known: LoginRecord, _ update: VaultUpdate) throws -> LoginRecord {
    let login = try login.emptyingLockwiseMember(of: known)
    // There is nothing to write or upload.
    guard login.json != known.json else { return known }
    let pending = try update.outboxEntry(guid: known.guid)
    try update.store(login)
    try update.setOutbox(
      OutboxEntry(guid: known.guid, after: pending, over: known.json, changed: now(), revision: revision()))
    try finish(update)
    return login
  }

  /// Returns a random revision number, which no other change has in any process.
  func revision() throws -> Int64 {
    try vault.random.bytes(7).reduce(0) { $0 << 8 | Int64($1) }
  }
}
