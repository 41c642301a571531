/// One login as Firefox Sync keeps it: the decoded members that we use, and the whole record as it came.
///
/// The members and their types are those of the passwords collection of Sync storage format 5.
public struct LoginRecord: Sendable {
  /// The record as JSON, byte for byte as it was decrypted, with the members that we do not know.
  public let json: SecretBytes
  /// The record's id, 1 to 64 printable ASCII characters.
  public let guid: String
  /// The origin, `https://host[:port]` and the like (member `hostname`).
  public let origin: String
  /// The origin that the form is sent to (member `formSubmitURL`); `""` matches any; `nil` for HTTP logins.
  public let formActionOrigin: String?
  /// The HTTP authentication realm; `nil` for form logins.
  public let httpRealm: String?
  /// The user name, maybe empty.
  public let username: String
  /// The password, never empty in a valid record.
  public let password: SecretBytes
  /// The name of the form's user name field, maybe empty.
  public let usernameField: String
  /// The name of the form's password field, maybe empty.
  public let passwordField: String
  /// When the login was created, milliseconds since 1970; 0 = unknown.
  public let timeCreated: Int64
  /// When the password was last changed, milliseconds since 1970; 0 = unknown.
  public let timePasswordChanged: Int64
  /// When the login was last used, milliseconds since 1970; 0 = unknown. Firefox desktop does not upload it.
  public let timeLastUsed: Int64
  /// How often the login was used; 0 = unknown. Firefox desktop does not upload it.
  public let timesUsed: Int64
  /// Our own member as JSON (`LockwiseMember`); `nil` if there is none.
  public let lockwise: SecretBytes?

  /// The names of the members that Firefox ESR 153 knows, those among them that it does not upload included;
  /// every other member is kept and passed on untouched.
  public static let knownMembers: Set<String> = [
    "id", "hostname", "formSubmitURL", "httpRealm", "username", "password", "usernameField", "passwordField",
    "timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed", "displayOrigin", "formActionOrigin",
    "origin", "everSynced", "syncCounter", "unknownFields",
  ]

  /// Reads a decrypted record.
  ///
  /// - Parameters:
  ///   - json: the record's cleartext.
  ///   - bsoID: the id under which the server keeps it; taken where the cleartext has none.
  /// - Throws: `LoginRecordError` if it is not a login that Firefox would take.
  public init(json: SecretBytes, bsoID: String) throws {
    guard let object = try? JSONObject(parsing: json) else { throw LoginRecordError.notAnObject }
    try self.init(json: json, object, bsoID: bsoID)
  }

  /// Takes a decrypted record that was parsed already.
  ///
  /// - Parameters:
  ///   - json: the record's cleartext.
  ///   - object: what it says.
  ///   - bsoID: the id under which the server keeps it; taken where the cleartext has none.
  /// - Throws: `LoginRecordError` if it is not a login that Firefox would take.
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
    timeCreated = Self.count("timeCreated", in: object)
    timePasswordChanged = Self.count("timePasswordChanged", in: object)
    timeLastUsed = Self.count("timeLastUsed", in: object)
    timesUsed = Self.count("timesUsed", in: object)
    lockwise = object[LockwiseMember.name]?.raw
    try checkValidity()
  }

  /// The members that Firefox does not know, with their values exactly as written.
  public var unknownMembers: [(name: String, json: SecretBytes)] {
    guard let object = (try? JSONValue(parsing: json))?.object else { return [] }
    return object.members.filter { !Self.knownMembers.contains($0.name) }.map { ($0.name, $0.value.raw) }
  }

  private static func text(_ name: String, in object: JSONObject) throws -> String? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let text = value.string else { throw LoginRecordError.wrongType(member: name) }
    return text
  }

  /// Fractions are cut off; what is negative or no number counts as unknown.
  private static func count(_ name: String, in object: JSONObject) -> Int64 {
    max(0, object[name]?.integer ?? 0)
  }
}
