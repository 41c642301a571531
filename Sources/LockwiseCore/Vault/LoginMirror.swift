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

  /// Adds a login or replaces the one with its GUID.
  func store(_ login: LoginRecord) throws

  /// Removes the login with this GUID if there is one (a tombstone came).
  func remove(guid: String) throws

  /// Keeps apart a record that is no login, with the reason; replaces what was kept under its id, and removes
  /// the mirrored login of that id only if `replacesLogin`.
  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws

  /// Makes the change durable and visible.
  func commit() throws
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
