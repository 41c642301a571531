/// The notes of a login as the record stores them.
struct StoredNotes {
  /// The member `lockwise.notes`; `nil` if the login has none.
  let text: SecretBytes?
  /// The fields that lines of the notes show.
  let tied: Set<TiedField>
  private let login: TiedField.Values

  /// Reads the notes of a login.
  init(of login: LoginRecord) {
    let values = TiedField.Values(origin: login.origin, username: login.username)
    let member = LockwiseMember.object(login.lockwise)
    self.login = values
    text = member[LockwiseMember.notesName]?.secret
    tied = text == nil ? Set(TiedField.allCases) : values.isFreeEntry ? [] : TiedField.listed(in: member)
  }

  /// The notes as they are shown: tied lines have the present values of their fields.
  var shown: SecretBytes {
    guard let text else { return Self.made(from: login) }
    var shown = text.endingWithLineFeed
    for field in TiedField.allCases where tied.contains(field) {
      guard let line = field.line(in: shown), !field.isShown(by: line.value, login), let value = field.text(of: login)
      else { continue }
      shown = line.replacingValue(with: value)
    }
    return shown
  }

  /// Returns the notes of a login that has none: its user name and its origin.
  static func made(from login: TiedField.Values) -> SecretBytes {
    var notes = SecretBuilder()
    for field in TiedField.allCases {
      guard let value = field.text(of: login), !value.isEmpty else { continue }
      notes.append(field.rawValue + ": ")
      notes.append(value)
      notes.append(0x0A)
    }
    return notes.finish()
  }
}

extension LoginRecord {
  /// Whether the login has notes of its own, `lockwise.notes`.
  package var hasNotes: Bool { StoredNotes(of: self).text != nil }

  /// Whether the login is an entry of the origin `pass://`, which belongs to no site.
  package var isFreeEntry: Bool { TiedField.Values(origin: origin, username: username).isFreeEntry }
}
