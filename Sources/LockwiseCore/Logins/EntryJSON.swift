/// An entry as a JSON object.
///
/// Its members are `name`, `guid`, `origin`, `username`, `realm` (`null` for a form login), `timeCreated` and
/// `timePasswordChanged` (milliseconds since 1970) and, if secrets are wanted, `password` and `notes`.
public enum EntryJSON {
  private static let passwordName = "password"
  private static let notesName = "notes"

  /// The reason why a text is refused.
  public enum Failure: Error, Equatable, Sendable {
    /// It is not a JSON object.
    case notAnObject
    /// A member is not a string.
    case wrongType(member: String)
  }

  /// Returns an entry as JSON in one line, without a line feed.
  ///
  /// - Parameters:
  ///   - name: the entry's name as it is shown.
  ///   - login: the entry's login.
  ///   - withSecrets: whether password and notes are included.
  public static func text(name: String, _ login: LoginRecord, withSecrets: Bool) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("name", name)
    writer.member("guid", login.guid)
    writer.member("origin", login.origin)
    writer.member("username", login.username)
    if let realm = login.httpRealm { writer.member("realm", realm) } else { writer.memberNull("realm") }
    writer.member("timeCreated", login.timeCreated.rawValue)
    writer.member("timePasswordChanged", login.timePasswordChanged.rawValue)
    if withSecrets {
      let body = EntryBody(of: login)
      writer.member(passwordName, secret: body.password)
      writer.member(notesName, secret: body.notes)
    }
    return writer.finish()
  }

  /// Reads the body of an entry from its JSON. A password may have several lines here.
  ///
  /// - Parameters:
  ///   - text: an object with the members `password` and `notes`; others are ignored.
  ///   - present: the body that has the value of a missing member.
  /// - Throws: `Failure`.
  public static func body(parsing text: SecretBytes, over present: EntryBody) throws(Failure) -> EntryBody {
    guard let object = try? JSONObject(parsing: text) else { throw .notAnObject }
    var body = present
    if let password = object[passwordName] {
      guard let value = password.secret else { throw .wrongType(member: passwordName) }
      body.password = value
    }
    if let notes = object[notesName] {
      guard let value = notes.secret else { throw .wrongType(member: notesName) }
      body.notes = value.endingWithLineFeed
    }
    return body
  }
}
