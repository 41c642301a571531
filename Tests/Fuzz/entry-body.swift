@testable import LockwiseCore

/// Checks that a text accepted as a body comes out of a login as it went in, and what an edit and a merge keep.
///
/// Texts between 0xFF bytes are the body, an edit of it, and what another client made of it.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let parts = input.split(separator: 0xFF, maxSplits: 2, omittingEmptySubsequences: false)
  let texts = parts.map { SecretBytes(copying: $0) }
  guard let body = try? EntryBody(parsing: texts[0]) else { return }
  precondition(body.text.count <= texts[0].count + 1 && !body.hasMultilinePassword)
  checkLines(of: body)
  for name in ["a.example/u", "Email/work"] {
    guard let placement = EntryPlacement(name: name), let draft = try? body.draft(at: placement),
      let login = try? draft.record(guid: "abcdefghijkl", now: 1)
    else { fatalError("a body that cannot be stored") }
    precondition(EntryBody(of: login) == body)
    if texts.count > 1, let edited = try? EntryBody(parsing: texts[1]) { check(edited, of: login, texts) }
  }
}

private func checkLines(of body: EntryBody) {
  let lines = body.text.lines
  precondition(lines.count == body.text.withUnsafeBytes { $0.count { $0 == 10 } })
  for number in 1...lines.count {
    precondition(body.line(number) == lines[number - 1])
    precondition(body.replacingLine(number, with: lines[number - 1]) == body)
  }
  precondition(body.line(lines.count + 1) == nil)
  precondition(body.appendingLine(SecretBytes(utf8: "x")).line(lines.count + 1)?.exposedText() == "x")
}

/// Stores an edited body over a login, and merges it with the change of another client.
private func check(_ edited: EntryBody, of login: LoginRecord, _ texts: [SecretBytes]) {
  let shown = EntryBody(of: login)
  guard let changes = try? edited.changes(to: login, now: 2) else { return }
  guard let stored = try? login.changed(by: changes, now: 2) else { fatalError("a change that cannot be stored") }
  precondition(EntryBody(of: stored) == edited)
  precondition(
    (stored.json == login.json) == (shown == edited), "a change without an edit, or an edit without a change")
  guard texts.count > 2, let other = try? EntryBody(parsing: texts[2]),
    let theirs = try? login.changed(by: other.changes(to: login, now: 3), now: 3),
    let merged = try? edited.merged(editedFrom: shown, into: theirs), (try? merged.changes(to: theirs, now: 4)) != nil
  else { return }
  let kept = Set(merged.notes.lines.map { Key(line: $0) })
  let known = Set((edited.notes.lines + shown.notes.lines).map { Key(line: $0) })
  for line in other.notes.lines where !known.contains(Key(line: line)) {
    let isTied = TiedField.allCases.contains { $0.line(in: other.notes)?.content == line }
    precondition(isTied || CounterURI(line) != nil || kept.contains(Key(line: line)), "a lost line")
  }
}

/// A line that can be in a set.
private struct Key: Hashable {
  let bytes: [UInt8]

  init(line: SecretBytes) { bytes = line.withUnsafeBytes { Array($0) } }
}
