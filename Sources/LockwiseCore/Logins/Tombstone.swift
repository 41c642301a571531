/// The mark of a deleted login, as clients upload it in place of the record (Sync storage format 5).
public struct Tombstone: Equatable, Sendable {
  /// The GUID of the deleted login as the mark itself holds it. `nil` if the mark is exactly `{"deleted": true}`, which
  /// Firefox for Android and iOS upload: then nothing inside says whose it is.
  public let guid: String?
  /// The GUID of the login that the deleted one turned out to be a duplicate of, if that is why.
  public let unitedWith: String?

  /// Makes the mark that this client uploads.
  ///
  /// - Parameters:
  ///   - guid: the deleted login's GUID.
  ///   - other: the login that it turned out to be a duplicate of; `nil` if the user deleted it.
  public init(guid: String, unitedWith other: String? = nil) {
    self.guid = guid
    unitedWith = other
  }

  private init() {
    guid = nil
    unitedWith = nil
  }

  /// Reads a record that says that it is deleted.
  ///
  /// The MAC of a record does not cover the IV, so a server can change the first 16 bytes of the cleartext and hide the
  /// member `id`. A mark without it is therefore valid only if it holds nothing else either.
  ///
  /// - Returns: `nil` if the record does not say whose mark it is.
  init?(marking object: JSONObject, guid: String) {
    if let id = object["id"] {
      guard let text = id.string, text.isSameText(as: guid) else { return nil }
      self.init(guid: guid, unitedWith: LockwiseMember.unitedWith(of: object))
      return
    }
    guard object.members.count == 1, object["deleted"]?.bool == true else { return nil }
    self.init()
  }

  /// The mark's text, a JSON object.
  public var json: SecretBytes {
    var writer = JSONObjectWriter()
    if let guid { writer.member("id", guid) }
    writer.member("deleted", true)
    if let unitedWith { writer.member(LockwiseMember.name, json: LockwiseMember.text(unitedWith: unitedWith)) }
    return writer.finish()
  }

  /// What a decrypted record says about its deletion.
  public enum Reading: Equatable, Sendable {
    /// It is an ordinary record.
    case none
    /// It is the mark of a deleted login.
    case tombstone(Tombstone)
    /// It says that something is deleted, but not what.
    case foreign
  }

  /// Reads what a record says about its deletion.
  ///
  /// - Parameters:
  ///   - object: the record's cleartext.
  ///   - guid: the id under which the server keeps it.
  public static func reading(_ object: JSONObject, guid: String) -> Reading {
    guard object["deleted"]?.isTruthy ?? false else { return .none }
    return Tombstone(marking: object, guid: guid).map { .tombstone($0) } ?? .foreign
  }
}

extension JSONValue {
  /// Whether JavaScript takes the value for true (ECMA-262, ToBoolean), which is how Firefox reads `deleted`: everything
  /// but `false`, `null`, zero and the empty string.
  public var isTruthy: Bool {
    if isNull { return false }
    if let bool { return bool }
    if let number { return Double(number).map { $0 != 0 } ?? true }
    return secret.map { !$0.isEmpty } ?? true
  }
}
