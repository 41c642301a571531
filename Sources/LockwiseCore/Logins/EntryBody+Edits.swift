/// A body that was edited while its login may have changed elsewhere.
extension EntryBody {
  /// Returns this body with the changes that were made to the login since it was shown.
  ///
  /// What was edited wins over what changed elsewhere. Lines that were added elsewhere go below the edited text.
  ///
  /// - Parameters:
  ///   - shown: the body before it was edited.
  ///   - login: the present login.
  /// - Throws: `Failure.multilinePassword` if the body shows where no line ends the password.
  public func merged(editedFrom shown: EntryBody, into login: LoginRecord) throws(Failure) -> EntryBody {
    let present = EntryBody(of: login)
    // Parsing drops a carriage return after the password, which the user did not remove.
    var shown = shown
    if let untouched = try? EntryBody(parsing: shown.text), untouched.text == text { return present }
    guard !shown.hasMultilinePassword, !present.hasMultilinePassword else { throw .multilinePassword }
    if shown.password == .concatenating([password, SecretBytes(utf8: "\r")]) { shown.password = password }
    return EntryBody(
      password: mergedPassword(shown, present),
      notes: mergedNotes(shown.notes, present.notes, tied: StoredNotes(of: login).tied))
  }

  private func mergedPassword(_ shown: EntryBody, _ present: EntryBody) -> SecretBytes {
    if password == shown.password { return present.password }
    if let ours = CounterURI(password), let theirs = CounterURI(present.password), ours.isSameCode(as: theirs) {
      return ours.with(counter: max(ours.counter, theirs.counter))
    }
    return password
  }

  private func mergedNotes(_ shown: SecretBytes, _ present: SecretBytes, tied: Set<TiedField>) -> SecretBytes {
    if notes == shown { return present }
    if present == shown { return notes }
    var newer = notes
    for field in TiedField.allCases where tied.contains(field) {
      // A tied line that was not edited shows the field's present value.
      guard let ours = field.line(in: newer), let former = field.line(in: shown), ours.value == former.value,
        let theirs = field.line(in: present)
      else { continue }
      newer = ours.replacingValue(with: theirs.value)
    }
    return NotesMerge(base: shown, newer: newer, older: present, tiedInOlder: tied).merged()
  }
}
