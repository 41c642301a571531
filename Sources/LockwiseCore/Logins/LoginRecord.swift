/// A login record of Firefox Sync: its decoded members and its original JSON.
///
/// The members and their types are those of the passwords collection in Sync storage format 5.
public struct LoginRecord: Sendable {
  /// The decrypted JSON, byte for byte, with all unknown members.
  public let json: SecretBytes
  /// The record's id, 1 to 64 printable ASCII characters.
  public let guid: String
  /// The origin, such as `https://host[:port]` (member `hostname`).
  public let origin: String
  /// The origin that the form is submitted to (member `formSubmitURL`); `""` matches any origin; `nil` for HTTP
  /// authentication.
  public let formActionOrigin: String?
  /// The HTTP authentication realm; `nil` for form logins.
  public let httpRealm: String?
  /// The user name, which may be empty.
  public let username: String
  /// The password, not empty.
  public let password: SecretBytes
  /// The name of the form's user name field, which may be empty.
  public let usernameField: String
  /// The name of the form's password field, which may be empty.
  public let passwordField: String
  /// The time of creation, 0 if unknown.
  public let timeCreated: Milliseconds
  /// The time of the last password change, 0 if unknown.
  public let timePasswordChanged: Milliseconds
  /// The time of the last use, 0 if unknown. Firefox desktop does not upload it.
  public let timeLastUsed: Milliseconds
  /// The number of uses; 0 if unknown. Firefox desktop does not upload it.
  public let timesUsed: Int64
  /// The member `lockwise` as JSON (`LockwiseMember`); `nil` if there is none.
  public let lockwise: SecretBytes?

  /// The names of the members that Firefox ESR 153 knows, including those that it does not upload. Every other member
  /// is kept byte for byte.
  package static let knownMembers: Set<String> = [
    "id", "hostname", "formSubmitURL", "httpRealm", "username", "password", "usernameField", "passwordField",
    "timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed", "displayOrigin", "formActionOrigin",
    "origin", "everSynced", "syncCounter", "unknownFields",
  ]

  /// The names of the members that change when a login is used or written, without a change of what it says.
  static let timeMembers: Set<String> = ["timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed"]

  /// Parses a decrypted record.
  ///
  /// - Parameters:
  ///   - json: the record's cleartext.
  ///   - bsoID: the record's id on the server, used if the cleartext has none.
  /// - Throws: `LoginRecordError` if Firefox would not accept it as a login.
  public init(json: SecretBytes, bsoID: String) throws {
    guard let object = try? JSONObject(parsing: json) else { throw LoginRecordError.notAnObject }
    try self.init(json: json, object, bsoID: bsoID)
  }

  /// Reads a decrypted record from parsed JSON.
  ///
  /// - Parameters:
  ///   - json: the record's cleartext.
  ///   - object: the parsed cleartext.
  ///   - bsoID: the record's id on the server, used if the cleartext has none.
  /// - Throws: `LoginRecordError` if Firefox would not accept it as a login.
  public init(json: SecretBytes, _ object: JSONObject, bsoID: String) throws {
    if let id = object["id"], id.string?.isSameText(as: bsoID) != true { throw LoginRecordError.idMismatch }
    self.json = json
    guid = bsoID
    origin = try Self.text("hostname", in: object) ?? ""
    formActionOrigin = try Self.text("formSubmitURL", in: object)
    httpRealm = try Self.text("httpRealm", in: object)
    username = try Self.text("username", in: object) ?? ""
    usernameField = try Self.text("usernameField", in: object) ?? ""
    passwordField = try Self.text("passwordField", in: object) ?? ""
    guard let password = object["password"]?.secret else { throw LoginRecordError.noPassword }
    self.password = password
    timeCreated = Milliseconds(Self.count("timeCreated", in: object))
    timePasswordChanged = Milliseconds(Self.count("timePasswordChanged", in: object))
    timeLastUsed = Milliseconds(Self.count("timeLastUsed", in: object))
    timesUsed = Self.count("timesUsed", in: object)
    lockwise = object[LockwiseMember.name]?.raw
    try checkValidity()
  }

  /// The members that Firefox does not know and their values, exactly as written.
  public var unknownMembers: [(name: String, json: SecretBytes)] {
    guard let object = (try? JSONValue(parsing: json))?.object else { return [] }
    return object.members.filter { !Self.knownMembers.contains($0.name) }.map { ($0.name, $0.value.raw) }
  }

  private static func text(_ name: String, in object: JSONObject) throws -> String? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let text = value.string else { throw LoginRecordError.wrongType(member: name) }
    return text
  }

  /// Returns a count or time without its fraction; 0, which means unknown, if it is negative or not a number.
  private static func count(_ name: String, in object: JSONObject) -> Int64 {
    max(0, object[name]?.integer ?? 0)
  }
}
