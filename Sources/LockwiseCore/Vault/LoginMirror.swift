/// The vault's copy of the server's passwords collection, as a pull sees it.
public protocol LoginMirror: SealedDocuments {
  /// Starts a change of the copy. Until `commit` no reader sees any of it, and if the process dies, nothing of
  /// it happened.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  func beginMirrorUpdate() throws -> any MirrorUpdate

  /// Whether a reader met damage that no repair has mended yet.
  var isKnownToBeDamaged: Bool { get }

  /// What is not on the server yet, in the order in which it was first changed.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func outbox() throws -> [OutboxEntry]

  /// The login with this GUID; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func login(guid: String) throws -> LoginRecord?
}

/// One change of the copy, all or nothing. Dropping it without `commit` undoes it.
public protocol MirrorUpdate: SealedDocuments {
  /// Forgets every login, every change that is not on the server yet, every record set aside and every deleted
  /// login: for another account.
  func removeAll() throws

  /// Removes everything that was damaged or put back, and the sync state, so that a whole download brings it again.
  /// Changes that are not on the server stay as far as they can be read. Has to be the first step of a change.
  ///
  /// - Returns: what is lost.
  /// - Throws: `VaultError.damaged` if that cannot heal it: the account is damaged, or it is not known which changes
  ///   there are.
  func repair() throws -> VaultRepair

  /// Forgets every record set aside.
  func removeSetAside() throws

  /// Adds a login or replaces the one with its GUID; a record set aside under that id is forgotten.
  ///
  /// - Returns: whether a login with this GUID was there before.
  @discardableResult
  func store(_ login: LoginRecord) throws -> Bool

  /// Removes the login with this GUID if there is one (a tombstone came); a record set aside under that id is
  /// forgotten.
  ///
  /// - Returns: whether a login with this GUID was there before.
  @discardableResult
  func remove(guid: String) throws -> Bool

  /// Keeps apart a record that is not a login, with the reason; replaces what was kept under its id, and removes
  /// the mirrored login of that id only if `replacesLogin`.
  ///
  /// - Returns: whether a login with this id was there before.
  @discardableResult
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool

  /// The login with this GUID as the vault has it, with this change; `nil` if there is none.
  func login(guid: String) throws -> LoginRecord?

  /// The other logins that Firefox would take for the same as `login`, with this change.
  func sameLogins(as login: LoginRecord) throws -> [LoginRecord]

  /// The GUIDs of the logins that were there before this change and still are.
  func earlierGUIDs() throws -> [String]

  /// What is not on the server yet, by GUID, with this change.
  func outbox() throws -> [String: OutboxEntry]

  /// Notes that the vault's state of this login has to go to the server; replaces what was noted for its GUID.
  func setOutbox(_ entry: OutboxEntry) throws

  /// Notes that the vault's state of this login is the server's.
  func removeOutbox(guid: String) throws

  /// The names of the documents that exist, with this change, in order.
  func documentNames() throws -> [DocumentName]

  /// Keeps a login that another client deleted, so that the user can restore it; replaces what was kept under its GUID.
  ///
  /// - Parameters:
  ///   - login: the login as it was.
  ///   - reason: why it was deleted, in words that hold nothing out of the record.
  ///   - time: milliseconds since 1970.
  func keepDeleted(_ login: LoginRecord, reason: String, at time: Int64) throws

  /// Forgets a deleted login that was kept: it was restored, or came back.
  ///
  /// - Returns: whether one was kept.
  @discardableResult
  func dropDeleted(guid: String) throws -> Bool

  /// Forgets the deleted logins that were kept before a time, milliseconds since 1970.
  func forgetDeleted(before time: Int64) throws

  /// The deleted logins that are kept, with this change, the oldest deletion first.
  func deletedLogins() throws -> [DeletedLogin]

  /// How many logins and records set aside the copy holds, with this change.
  func counts() throws -> MirrorCounts

  /// Makes the change durable and visible.
  func commit() throws
}

/// How much the vault's copy of the passwords collection holds.
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
