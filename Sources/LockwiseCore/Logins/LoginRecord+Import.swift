/// Logins from another program's file.
extension LoginRecord {
  /// Returns the record under another id, with every other member unchanged.
  ///
  /// - Throws: `LoginRecordError.badID`.
  package func renamed(guid: String) throws -> LoginRecord {
    guard let object = (try? JSONValue(parsing: json))?.object else { throw LoginRecordError.notAnObject }
    return try LoginRecord(
      json: object.replacing([("id", JSONText.string(SecretBytes(utf8: guid)))]), bsoID: guid)
  }

  /// Returns the changes that complete this login by an imported one: lines of notes that it lacks are added below its
  /// own, and an own entry name if it has none. Nothing of it is removed except, if requested, the password, which then
  /// goes to the former passwords.
  ///
  /// - Parameters:
  ///   - imported: a login of the same site and user.
  ///   - replacesPassword: whether the login gets the imported password.
  ///   - now: the current time.
  /// - Throws: `EntryBody.Failure` if the notes of both are too long for one login.
  package func changes(
    completingFrom imported: LoginRecord, replacesPassword: Bool, now: Milliseconds
  ) throws(EntryBody.Failure) -> LoginChanges {
    let shown = EntryBody(of: self)
    var body = shown
    if replacesPassword, !imported.hasPlaceholderPassword { body.password = imported.password }
    if let notes = StoredNotes(of: imported).text, !notes.isEmpty {
      body.notes =
        hasNotes ? NotesMerge(base: SecretBytes(copying: []), newer: shown.notes, older: notes).merged() : notes
    }
    var changes = LoginChanges()
    if body != shown {
      changes = try body.changes(to: self, now: now, keepsFields: true, acceptsSeveralLines: true)
    }
    if ownEntryName == nil, let name = imported.ownEntryName { changes.setOwnEntryName(name, of: self) }
    return changes
  }

  /// Whether both have the same password, the placeholder for an empty one included.
  package func hasSamePassword(as other: LoginRecord) -> Bool { password == other.password }

  /// Returns the record with changes applied, as `LoginEditor.change` stores it.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  package func applying(_ changes: LoginChanges, now: Milliseconds) throws -> LoginRecord {
    try changed(by: changes, now: now)
  }
}

extension LoginChanges {
  /// Whether nothing changes.
  package var isEmpty: Bool {
    origin == nil && target == nil && username == nil && password == nil && members.isEmpty
  }
}
