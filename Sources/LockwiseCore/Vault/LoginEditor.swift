/// Changes logins of a vault. A change is durable, visible to every reader and in the outbox when the call returns.
public struct LoginEditor {
  /// Why a change was not made.
  public enum Failure: Error, Equatable, Sendable {
    /// There is no login with this GUID.
    case noSuchLogin
    /// Firefox would take the result for another login that there is already, and drop one of them; its GUID.
    case duplicate(of: String)
  }

  let vault: Vault
  /// What several changes share.
  private let update: VaultUpdate?
  let now: () -> Int64

  /// Makes an editor.
  ///
  /// - Parameters:
  ///   - vault: open for writing.
  ///   - now: our clock, milliseconds since 1970.
  public init(vault: Vault, now: @escaping () -> Int64) {
    self.init(vault: vault, update: nil, now: now)
  }

  private init(vault: Vault, update: VaultUpdate?, now: @escaping () -> Int64) {
    self.vault = vault
    self.update = update
    self.now = now
  }

  /// Makes several changes, all or none: durable when this returns, undone if `body` throws.
  ///
  /// - Parameter body: makes them through the editor that it is given; the vault itself must not be used meanwhile.
  /// - Throws: `VaultError`; what `body` throws.
  public func transaction<Result>(_ body: (LoginEditor) throws -> Result) throws -> Result {
    let update = try VaultUpdate(vault: vault)
    let result = try body(LoginEditor(vault: vault, update: update, now: now))
    try update.commit()
    return result
  }

  /// The login with this GUID, with the changes made so far.
  ///
  /// - Throws: `VaultError`.
  public func login(guid: String) throws -> LoginRecord? {
    try update.map { try $0.login(guid: guid) } ?? vault.login(guid: guid)
  }

  func begin() throws -> VaultUpdate { try update ?? VaultUpdate(vault: vault) }

  func finish(_ update: VaultUpdate) throws {
    if self.update == nil { try update.commit() }
  }

  /// Adds a login. If there is one that Firefox would take for the same, that one gets the draft's password and
  /// members instead.
  ///
  /// - Returns: the login as it is now.
  /// - Throws: `LoginRecordError` if Firefox would refuse it; `VaultError`; `CryptoError`.
  @discardableResult
  public func add(_ draft: LoginDraft) throws -> LoginRecord {
    let update = try begin()
    let guid = try LoginGUID.make(vault.random)
    let login = try draft.record(guid: guid, now: now())
    if let known = try update.sameLogins(as: login).first {
      var changes = LoginChanges()
      changes.password = draft.password
      changes.members = draft.members.map { ($0.name, $0.json) }
      return try store(known.changed(by: changes, now: now()), over: known, update)
    }
    try update.store(login)
    try update.setOutbox(OutboxEntry(guid: guid, base: nil, changed: now(), revision: revision()))
    try finish(update)
    return login
  }

  /// Changes a login.
  ///
  /// - Returns: the login as it is now.
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
      // The server has never heard of it.
      try update.removeOutbox(guid: guid)
    } else {
      try update.setOutbox(
        OutboxEntry(
          guid: guid, isDeletion: true, after: pending, over: known.json, changed: now(), revision: revision()))
    }
    try finish(update)
  }

  /// Puts a login in the place of another, in the outbox too, and ends the update.
  func store(_ login: LoginRecord, over known: LoginRecord, _ update: VaultUpdate) throws -> LoginRecord {
    let login = try login.emptyingLockwiseMember(of: known)
    // Nothing to write, and nothing to upload.
    guard login.json != known.json else { return known }
    let pending = try update.outboxEntry(guid: known.guid)
    try update.store(login)
    try update.setOutbox(
      OutboxEntry(guid: known.guid, after: pending, over: known.json, changed: now(), revision: revision()))
    try finish(update)
    return login
  }

  /// Random, so that no two changes share one, whichever process makes them.
  func revision() throws -> Int64 {
    try vault.random.bytes(7).reduce(0) { $0 << 8 | Int64($1) }
  }
}
