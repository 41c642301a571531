/// A field of a login that a line of its notes shows: the first `login:` line the user name, the first `url:` line the
/// origin.
///
/// A tied line and its field have one value. If the line is edited, the field changes; if the field changes elsewhere,
/// the line shows the new value. The member `lockwise.tied` lists the tied fields, for example `["login","url"]`. It
/// says nothing about a login without notes, whose lines are made from the fields.
enum TiedField: String, CaseIterable, Sendable {
  /// The user name, in a line `login:`, `user:` or `username:`.
  case login
  /// The origin, in a line `url:`.
  case url

  /// The member's name in `lockwise`.
  static let memberName = "tied"

  private var keys: [String] {
    switch self {
    case .login: ["login", "user", "username"]
    case .url: ["url"]
    }
  }

  /// Returns the first line that can show the field; `nil` if there is none.
  func line(in notes: SecretBytes) -> BodyLine? { notes.firstLine(withKeyIn: keys) }

  /// Returns whether a line's value stands for the field's value. Any URL of an origin stands for it.
  func isShown(by value: SecretBytes, _ login: Values) -> Bool {
    switch self {
    case .login: return value == Self.trimmed(login.username)
    case .url:
      guard let text = value.exposedText() else { return false }
      return text.isSameText(as: login.origin) || Origin(text).map { $0 == Origin(login.origin) } ?? false
    }
  }

  /// The field's value as a line shows it; `nil` if it does not fit into one.
  func text(of login: Values) -> SecretBytes? {
    let text = self == .login ? login.username : login.origin
    return text.utf8.contains { $0 == 0x0A || $0 == 0x0D } ? nil : SecretBytes(utf8: text)
  }

  /// The values of both fields.
  struct Values {
    var origin: String
    var username: String

    /// Whether the login is a free entry. Its name is origin and user name, so no line may change them.
    var isFreeEntry: Bool { origin.utf8.starts(with: (FreeEntry.scheme + "://").utf8) }
  }

  /// The value that a line with this text would have.
  private static func trimmed(_ text: String) -> SecretBytes {
    let line = SecretBytes(utf8: "k: " + text)
    return BodyLine(0..<line.count, of: line).value
  }

  // MARK: The member

  /// Returns the fields that a member `lockwise` lists.
  static func listed(in lockwise: JSONObject?) -> Set<TiedField> {
    Set((lockwise?[memberName]?.array ?? []).compactMap { $0.string.flatMap(TiedField.init(rawValue:)) })
  }

  /// Returns the value of the member `lockwise.tied`; `nil` for no field, so that the member is left out.
  static func list(_ fields: Set<TiedField>) -> SecretBytes? {
    guard !fields.isEmpty else { return nil }
    let names = allCases.filter(fields.contains).map { "\"\($0.rawValue)\"" }
    return SecretBytes(utf8: "[" + names.joined(separator: ",") + "]")
  }

  /// Returns the fields to which lines of these notes are tied when they are stored.
  ///
  /// - Parameters:
  ///   - notes: the new notes.
  ///   - login: the login's new values.
  ///   - former: the fields that were tied before. A line with an empty value is tied only if it was before.
  static func tied(in notes: SecretBytes, _ login: Values, former: Set<TiedField>) -> Set<TiedField> {
    guard !login.isFreeEntry else { return [] }
    return Set(
      allCases.filter { field in
        guard let value = field.line(in: notes)?.value, field.isShown(by: value, login) else { return false }
        return !value.isEmpty || former.contains(field)
      })
  }
}
