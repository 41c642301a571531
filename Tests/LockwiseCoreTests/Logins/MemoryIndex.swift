@testable import LockwiseCore

/// Logins that are looked up in an array.
struct MemoryIndex: EntryIndex {
  let records: [LoginRecord]

  init(_ records: [LoginRecord]) { self.records = records }

  func logins(named name: String) -> [LoginRecord] { records.filter { $0.ownEntryName?.isSameText(as: name) == true } }

  func logins(at origin: Origin) -> [LoginRecord] {
    records.filter { (Origin($0.origin)?.serialized ?? $0.origin).isSameText(as: origin.serialized) }
  }

  func login(guid: String) -> LoginRecord? { records.first { $0.guid == guid } }

  func entryList() -> EntryList { EntryList(records.map { EntryList.Source($0) }) }
}
