/// The way from a body to the login that stores it.
extension EntryBody {
  /// Returns the changes that give a login this body; no changes if the login is shown like this already.
  ///
  /// A tied line with another value changes its field. A missing one changes nothing. A password that is replaced goes to
  /// the former passwords.
  ///
  /// - Parameters:
  ///   - login: the present login.
  ///   - now: the current time.
  ///   - keepsName: whether the login keeps its name. Lines do not change the fields that make the name then, and are no
  ///     longer tied to them.
  ///   - keepsFields: whether lines change no field, even if the login has an own name.
  ///   - acceptsSeveralLines: whether the new password may have line feeds. A text does not show where such a password
  ///     ends; JSON does.
  /// - Throws: `Failure` if the login cannot have this body.
  public func changes(
    to login: LoginRecord, now: Milliseconds, keepsName: Bool = false, keepsFields: Bool = false,
    acceptsSeveralLines: Bool = false
  ) throws(Failure) -> LoginChanges {
    let shown = EntryBody(of: login)
    var changes = LoginChanges()
    guard self != shown, acceptsSeveralLines || text != shown.text else { return changes }
    try Self.check(text)
    if password != shown.password {
      guard acceptsSeveralLines || !hasMultilinePassword else { throw .multilinePassword }
      setPassword(&changes, of: login, now: now)
    }
    if notes.endingWithLineFeed != shown.notes {
      let isFixed = keepsFields || keepsName && login.ownEntryName == nil
      try setNotes(&changes, of: login, shown: shown.notes, changesFields: !isFixed)
    }
    return changes
  }

  private func setPassword(_ changes: inout LoginChanges, of login: LoginRecord, now: Milliseconds) {
    let stored = password.isEmpty ? LockwiseMember.placeholder : password
    changes.password = stored
    var values: [(name: String, json: SecretBytes?)] = []
    if password.isEmpty || LockwiseMember.object(login.lockwise)[LockwiseMember.emptyPasswordName] != nil {
      values.append((LockwiseMember.emptyPasswordName, password.isEmpty ? JSONText.string(stored) : nil))
    }
    // A counter that was advanced is not another secret.
    let isCounter = CounterURI(login.password).map { $0.isSameCode(as: CounterURI(password)) } ?? false
    if !isCounter, let replaced = login.replacedPassword(now: now) {
      values.append(LockwiseMember.setting(history: login.formerPasswords, replaced: replaced))
    }
    changes.setLockwise(values, of: login)
  }

  private func setNotes(
    _ changes: inout LoginChanges, of login: LoginRecord, shown: SecretBytes, changesFields: Bool
  ) throws(Failure) {
    let notes = self.notes.endingWithLineFeed
    let stored = StoredNotes(of: login)
    var values = TiedField.Values(origin: login.origin, username: login.username)
    for field in TiedField.allCases where changesFields && stored.tied.contains(field) {
      guard let value = field.line(in: notes)?.value, let former = field.line(in: shown)?.value, value != former
      else { continue }
      try field.set(value, in: &values)
    }
    if !values.username.isSameText(as: login.username) { changes.username = values.username }
    if !values.origin.isSameText(as: login.origin) {
      changes.origin = values.origin
      changes.target = login.target.moved
    }
    // Notes that are made from the fields need not be stored.
    if stored.text == nil, notes == StoredNotes.made(from: values) { return }
    let tied = TiedField.tied(in: notes, values, former: stored.tied)
    changes.setLockwise(Self.members(notes: notes, tied: tied), of: login)
  }

  private static func members(notes: SecretBytes, tied: Set<TiedField>) -> [(name: String, json: SecretBytes?)] {
    [(LockwiseMember.notesName, JSONText.string(notes)), (TiedField.memberName, TiedField.list(tied))]
  }

  /// Returns a new login with this body.
  ///
  /// - Parameters:
  ///   - placement: the login's origin, user name and own entry name.
  ///   - acceptsSeveralLines: whether the password may have line feeds.
  /// - Throws: `Failure` if a login cannot have this body.
  public func draft(
    at placement: EntryPlacement, acceptsSeveralLines: Bool = false
  ) throws(Failure) -> LoginDraft {
    try Self.check(text)
    guard acceptsSeveralLines || !hasMultilinePassword else { throw .multilinePassword }
    let stored = password.isEmpty ? LockwiseMember.placeholder : password
    let notes = self.notes.endingWithLineFeed
    let values = TiedField.Values(origin: placement.origin, username: placement.username)
    var members = Self.members(notes: notes, tied: TiedField.tied(in: notes, values, former: []))
    if password.isEmpty { members.append((LockwiseMember.emptyPasswordName, JSONText.string(stored))) }
    if let name = placement.ownName { members.insert(LockwiseMember.setting(ownName: name), at: 0) }
    var draft = LoginDraft(
      origin: placement.origin, target: placement.target, username: placement.username, password: stored)
    draft.members = [(LockwiseMember.name, LockwiseMember.text(nil, replacing: members))]
    return draft
  }
}

extension TiedField {
  /// Gives the field the value of an edited line.
  ///
  /// A value that is not a URL of the origin's kind changes nothing, and the line becomes an ordinary one: a login for a
  /// web site cannot become one for ssh.
  ///
  /// - Throws: `EntryBody.Failure.unusableURL` if it is a URL of that kind whose host or port is invalid.
  fileprivate func set(_ value: SecretBytes, in login: inout Values) throws(EntryBody.Failure) {
    guard let text = value.exposedText() else { throw .notUTF8 }
    switch self {
    case .login: login.username = text
    case .url:
      guard let kind = Self.kind(of: text), kind == Self.kind(of: login.origin) else { return }
      guard let origin = Origin(text) else { throw .unusableURL }
      if origin != Origin(login.origin) { login.origin = origin.serialized }
    }
  }

  /// Returns the scheme of a URL, which is one for http and https; `nil` if the text is not a URL.
  private static func kind(of url: String) -> String? {
    guard let end = url.utf8.firstRange(of: "://")?.lowerBound else { return nil }
    let scheme = url[..<end].lowercased()
    return scheme == "http" ? "https" : scheme
  }
}

extension LoginTarget {
  /// The target after a move to another origin. The form is submitted to an unknown origin there; a realm is kept.
  var moved: LoginTarget {
    switch self {
    case .form: .form("")
    case .realm: self
    }
  }
}
