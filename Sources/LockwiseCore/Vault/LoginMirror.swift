/// The vault's copy of the server's passwords collection, as a pull sees it.
public protocol LoginMirror: SealedDocuments {
  /// Starts a change of the copy. Until `commit` no reader sees any of it, and if the process dies, nothing of
  /// it happened.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  func beginMirrorUpdate() throws -> any MirrorUpdate
}

/// One change of the copy, all or nothing. Dropping it without `commit` undoes it.
public protocol MirrorUpdate: SealedDocuments {
  /// Forgets every mirrored login and every record set aside, before a full download.
  func removeAll() throws

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

  /// Keeps apart a record that is no login, with the reason; replaces what was kept under its id, and removes
  /// the mirrored login of that id only if `replacesLogin`.
  ///
  /// - Returns: whether a login with this id was there before.
  @discardableResult
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool

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

/// A record that could not be read as a login and is kept apart.
public struct SetAsideRecord: Equatable, Sendable {
  /// The id under which the server keeps the record.
  public let id: String
  /// Why it is no login, in words that hold nothing out of the record.
  public let reason: String
  /// The server's time of the record, hundredths of a second since 1970.
  public let modified: Int64

  /// Makes an entry.
  public init(id: String, reason: String, modified: Int64) {
    self.id = id
    self.reason = reason
    self.modified = modified
  }
}
