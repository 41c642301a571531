@testable import LockwiseCore

/// Checks that a new entry is called by the name that it was given, that its shown name is stable and harmless, and that
/// both find it. The first byte selects how the rest is divided into the name and a second one.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let first = input.first else { return }
  let rest = input.dropFirst()
  let middle = rest.startIndex + min(Int(first), rest.count)
  let name = String(decoding: rest[..<middle], as: UTF8.self)
  let other = String(decoding: rest[middle...], as: UTF8.self)
  let placements = [EntryPlacement(name: name), EntryPlacement(freeName: name), EntryPlacement(name: other)]
  var logins: [LoginRecord] = []
  for (index, placement) in placements.enumerated() {
    guard let placement else { continue }
    let text = index == 2 ? other : name
    guard let login = record(placement, guid: "{abcd-\(index)}") else { fatalError("an invalid login") }
    logins.append(login)
    let shown = EntryName(of: login).shown
    check(shown)
    let isURL = index != 1 && WebLikeName(text) == nil && text.utf8.firstRange(of: "://") != nil
    precondition(isURL || shown.isSameText(as: ShownName.typed(text)), "an entry with another name")
    precondition(finds(text, login, in: [login]) && finds(shown, login, in: [login]), "an entry that is not found")
  }
  let list = EntryList(logins.map { EntryList.Source($0) })
  precondition(list.entries.count == logins.count)
  for entry in list.entries {
    precondition(list.exact(entry.name).map(\.guid) == [entry.guid], "a name that refers to another login")
    guard let login = logins.first(where: { $0.guid == entry.guid }) else { fatalError("an unknown entry") }
    precondition(finds(entry.name, login, in: logins), "a listed name that is not found")
  }
}

/// Checks that a shown name is stable, and that no part of it is empty or steers a terminal.
private func check(_ shown: String) {
  precondition(ShownName.of(shown).isSameText(as: shown), "a shown name that changes")
  let parts = shown.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
  precondition(!parts.contains { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
  precondition(!shown.utf8.contains { $0 < 0x20 || $0 == 0x7F })
}

private func finds(_ name: String, _ login: LoginRecord, in logins: [LoginRecord]) -> Bool {
  guard case .login(let found)? = try? EntryLookup(name).find(in: Index(logins: logins)) else { return false }
  return found.guid == login.guid
}

private func record(_ placement: EntryPlacement, guid: String) -> LoginRecord? {
  var draft = LoginDraft(
    origin: placement.origin, target: placement.target, username: placement.username,
    password: SecretBytes(utf8: "p"))
  if let name = placement.ownName {
    var writer = JSONObjectWriter()
    writer.member("name", name)
    draft.members = [(LockwiseMember.name, writer.finish())]
  }
  return try? draft.record(guid: guid, now: 0)
}

private struct Index: EntryIndex {
  let logins: [LoginRecord]

  func logins(named name: String) -> [LoginRecord] { logins.filter { $0.ownEntryName?.isSameText(as: name) == true } }

  func logins(at origin: Origin) -> [LoginRecord] {
    logins.filter { Origin($0.origin)?.serialized.isSameText(as: origin.serialized) == true }
  }

  func login(guid: String) -> LoginRecord? { logins.first { $0.guid == guid } }

  func entryList() -> EntryList { EntryList(logins.map { EntryList.Source($0) }) }
}
