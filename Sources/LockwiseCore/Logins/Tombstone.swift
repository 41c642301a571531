/// The mark of a deleted login, which clients upload in place of the record (Sync storage format 5).
public struct Tombstone: Equatable, Sendable {
  /// The GUID of the deleted login, as in the mark itself; `nil` if the mark is exactly `{"deleted": true}`, as Firefox
  /// for Android and iOS upload it.
  public let guid: String?
  /// The GUID of the login that the deleted one was a duplicate of; `nil` if the user deleted it.
  public let unitedWith: String?

  /// Makes the mark that this client uploads.
  ///
  /// - Parameters:
  ///   - guid: the deleted login's GUID.
  ///   - other: the GUID of the login that it was a duplicate of; `nil` if the user deleted it.
  public init(guid: String, unitedWith other: String? = nil) {
    self.guid = guid
    unitedWith = other
  }

  private init() {
    guid = nil
    unitedWith = nil
  }

  /// Parses a record with the member `deleted`.
  ///
  /// A record's MAC does not cover the IV, so a server can change the first 16 bytes of the cleartext and hide the
  /// member `id`. A mark without `id` is therefore valid only if it has no other members either.
  ///
  /// - Returns: `nil` if the record does not show which login was deleted.
  init?(marking object: JSONObject, guid: String) {
    if let id = object["id"] {
      guard let text = id.string, text.isSameText(as: guid) else { return nil }
      self.init(guid: guid, unitedWith: LockwiseMember.unitedWith(of: object))
      return
    }
    guard object.members.count == 1, object["deleted"]?.bool == true else { return nil }
    self.init()
  }

  /// The mark as a JSON object.
  public var json: SecretBytes {
    var writer = JSONObjectWriter()
    if let guid { writer.member("id", guid) }
    writer.member("deleted", true)
    if let unitedWith { writer.member(LockwiseMember.name, json: LockwiseMember.text(unitedWith: unitedWith)) }
    return writer.finish()
  }

  /// The result of reading a record's deletion mark.
  public enum Reading: Equatable, Sendable {
    /// An ordinary record.
    case none
    /// The mark of a deleted login.
    case tombstone(Tombstone)
    /// A mark that does not show which login was deleted.
    case foreign
  }

  /// Reads a record's deletion mark.
  ///
  /// - Parameters:
  ///   - object: the record's cleartext.
  ///   - guid: the record's id on the server.
  public static func reading(_ object: JSONObject, guid: String) -> Reading {
    guard object["deleted"]?.isTruthy ?? false else { return .none }
    return Tombstone(marking: object, guid: guid).map { .tombstone($0) } ?? .foreign
  }
}

extension JSONValue {
  /// Whether JavaScript converts the value to true (ECMA-262, ToBoolean), as Firefox does with `deleted`: all values
  /// but `false`, `null`, zero and the empty string.
  public var isTruthy: Bool {
    if isNull { return false }
    if let bool { return bool }
    if let number { return Double(number).map { $0 != 0 } ?? true }
    return secret.map { !$0.isEmpty } ?? true
  }
}
