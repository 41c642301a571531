/// The vault's copy of the server's passwords collection, as pull and push use it.
public protocol LoginMirror: SealedDocuments {
  /// Begins a transaction. Readers see its changes only after `commit`. If the process dies before, nothing has
  /// changed.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  func beginMirrorUpdate() throws -> any MirrorUpdate

  /// Whether a reader found damage that is not repaired yet.
  var isKnownToBeDamaged: Bool { get }

  /// Returns the changes that are not uploaded yet, in the order of each login's first change.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func outbox() throws -> [OutboxEntry]

  /// Returns the login with this GUID; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func login(guid: String) throws -> LoginRecord?
}

/// A transaction on the copy. Releasing it without `commit` undoes its changes.
///
/// Each method throws `VaultError` if the vault cannot be read or written.
public protocol MirrorUpdate: SealedDocuments {
  /// Removes all logins, all changes that are not uploaded, all records set aside and all deleted logins, before
  /// another account is used.
  func removeAll() throws

  /// Removes rows that are damaged or not the latest version, and the sync state, so that the next pull downloads
  /// everything. Changes that are not uploaded are kept if they can be read. This must be the first step of a
  /// transaction.
  ///
  /// - Returns: the losses.
  /// - Throws: `VaultError.damaged` if the account or the list of changes is damaged, so that a download cannot repair
  ///   the vault.
  func repair() throws -> VaultRepair

  /// Removes all records set aside.
  func removeSetAside() throws

  /// Adds a login or replaces the one with its GUID. Removes a record set aside under that id.
  ///
  /// - Returns: whether a login with this GUID existed.
  @discardableResult
  func store(_ login: LoginRecord) throws -> Bool

  /// Removes the login with this GUID, if any, and a record set aside under that id.
  ///
  /// - Returns: whether a login with this GUID existed.
  @discardableResult
  func remove(guid: String) throws -> Bool

  /// Sets aside a record that is not a login and replaces an earlier one under its id. Removes the login with that id
  /// only if `replacesLogin`.
  ///
  /// - Returns: whether a login with this id existed.
  @discardableResult
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool

  /// Returns the login with this GUID, including changes of this transaction; `nil` if there is none.
  func login(guid: String) throws -> LoginRecord?

  /// Returns the other logins that Firefox would treat as the same one, including changes of this transaction.
  func sameLogins(as login: LoginRecord) throws -> [LoginRecord]

  /// Returns the GUIDs of the logins that existed before this transaction and still do.
  func earlierGUIDs() throws -> [String]

  /// Returns the changes that are not uploaded yet by GUID, including those of this transaction.
  func outbox() throws -> [String: OutboxEntry]

  /// Adds an entry to the outbox and replaces an earlier one with its GUID.
  func setOutbox(_ entry: OutboxEntry) throws

  /// Removes the outbox entry with this GUID: the server has the vault's version.
  func removeOutbox(guid: String) throws

  /// Returns the names of all documents, sorted, including changes of this transaction.
  func documentNames() throws -> [DocumentName]

  /// Stores a login that another client deleted, so that the user can restore it. Replaces an earlier one with its
  /// GUID.
  ///
  /// - Parameters:
  ///   - login: the login before its deletion.
  ///   - reason: the reason of the deletion, without anything from the record.
  ///   - time: the current time.
  func addDeleted(_ login: LoginRecord, reason: String, at time: Milliseconds) throws

  /// Removes a deleted login that was kept, after it was restored or downloaded again.
  ///
  /// - Returns: whether it was kept.
  @discardableResult
  func removeDeleted(guid: String) throws -> Bool

  /// Removes the deleted logins that were stored before a time.
  func removeDeleted(before time: Milliseconds) throws

  /// Returns the deleted logins, oldest deletion first, including changes of this transaction.
  func deletedLogins() throws -> [DeletedLogin]

  /// Returns the numbers of logins and records set aside, including changes of this transaction.
  func counts() throws -> MirrorCounts

  /// Makes the changes durable and visible to readers.
  func commit() throws
}

/// The number of logins and records in the vault's copy of the passwords collection.
public struct MirrorCounts: Equatable, Sendable {
  /// The number of logins.
  public let logins: Int
  /// The number of records set aside.
  public let setAside: Int

  /// Makes counts.
  public init(logins: Int, setAside: Int) {
    self.logins = logins
    self.setAside = setAside
  }
}
