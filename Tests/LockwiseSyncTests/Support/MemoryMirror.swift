import LockwiseCore

/// A vault in memory for pulls. Changes are staged, and `commit` applies them.
final class MemoryMirror: LoginMirror {
  struct Failure: Error, Equatable {}

  struct Contents: Equatable {
    var logins: [String: SecretBytes] = [:]
    var setAside: [String: SetAsideRecord] = [:]
    var documents: [DocumentName: SecretBytes] = [:]
    var outbox: [OutboxEntry] = []
    var deleted: [String: DeletedLogin] = [:]

    static func == (left: Contents, right: Contents) -> Bool {
      left.logins == right.logins && left.setAside == right.setAside && left.documents == right.documents
        && left.deleted == right.deleted && left.outbox.map(\.guid) == right.outbox.map(\.guid)
        && left.outbox.map(\.revision) == right.outbox.map(\.revision)
    }
  }

  var contents = Contents()
  var isKnownToBeDamaged = false
  var openUpdates = 0
  var commits = 0
  /// The documents written during an update but not through it, which a real vault might lose or refuse.
  var writesDuringUpdate = 0
  /// The number of the write of an update that fails, from 1.
  var failingWrite: Int?
  /// Whether only the number of logins is kept, for tests with many.
  var keepsLogins = true

  func document(_ name: DocumentName) throws -> SecretBytes? { contents.documents[name] }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    if openUpdates > 0 { writesDuringUpdate += 1 }
    contents.documents[name] = text
  }

  func outbox() throws -> [OutboxEntry] { contents.outbox }

  func login(guid: String) throws -> LoginRecord? {
    try contents.logins[guid].map { try LoginRecord(json: $0, bsoID: guid) }
  }

  func beginMirrorUpdate() throws -> any MirrorUpdate {
    precondition(openUpdates == 0, "two updates at once")
    return MemoryUpdate(mirror: self)
  }
}

final class MemoryUpdate: MirrorUpdate {
  private let mirror: MemoryMirror
  private var staged: MemoryMirror.Contents
  private var isCommitted = false
  private var writes = 0
  private let empty = SecretBytes(utf8: "")

  init(mirror: MemoryMirror) {
    self.mirror = mirror
    staged = mirror.contents
    mirror.openUpdates += 1
  }

  deinit {
    if !isCommitted { mirror.openUpdates -= 1 }
  }

  private func write() throws {
    precondition(!isCommitted)
    writes += 1
    if writes == mirror.failingWrite { throw MemoryMirror.Failure() }
  }

  func document(_ name: DocumentName) throws -> SecretBytes? { staged.documents[name] }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    try write()
    staged.documents[name] = text
  }

  func repair() throws -> VaultRepair {
    try write()
    staged.documents[.syncState] = nil
    mirror.isKnownToBeDamaged = false
    return VaultRepair()
  }

  func removeAll() throws {
    try write()
    staged.logins = [:]
    staged.setAside = [:]
    staged.outbox = []
    staged.deleted = [:]
  }

  func removeSetAside() throws {
    try write()
    staged.setAside = [:]
  }

  func login(guid: String) throws -> LoginRecord? {
    guard mirror.keepsLogins else { return nil }
    return try staged.logins[guid].map { try LoginRecord(json: $0, bsoID: guid) }
  }

  func sameLogins(as login: LoginRecord) throws -> [LoginRecord] {
    try staged.logins.map { try LoginRecord(json: $1, bsoID: $0) }
      .filter { $0.guid != login.guid && $0.isSameLogin(as: login) }
  }

  func earlierGUIDs() throws -> [String] {
    staged.logins.keys.filter { mirror.contents.logins[$0] != nil }.sorted()
  }

  func outbox() throws -> [String: OutboxEntry] {
    Dictionary(uniqueKeysWithValues: staged.outbox.map { ($0.guid, $0) })
  }

  func setOutbox(_ entry: OutboxEntry) throws {
    try write()
    if let index = staged.outbox.firstIndex(where: { $0.guid == entry.guid }) {
      staged.outbox[index] = entry
    } else {
      staged.outbox.append(entry)
    }
  }

  func removeOutbox(guid: String) throws {
    try write()
    staged.outbox.removeAll { $0.guid == guid }
  }

  func store(_ login: LoginRecord) throws -> Bool {
    try write()
    staged.setAside[login.guid] = nil
    return staged.logins.updateValue(mirror.keepsLogins ? login.json : empty, forKey: login.guid) != nil
  }

  func remove(guid: String) throws -> Bool {
    try write()
    staged.setAside[guid] = nil
    return staged.logins.removeValue(forKey: guid) != nil
  }

  func setAside(_ record: SetAsideRecord, replacesLogin: Bool) throws -> Bool {
    try write()
    staged.setAside[record.id] = record
    let wasThere = staged.logins[record.id] != nil
    if replacesLogin { staged.logins[record.id] = nil }
    return wasThere
  }

  func documentNames() throws -> [DocumentName] { staged.documents.keys.sorted { $0.text < $1.text } }

  func addDeleted(_ login: LoginRecord, reason: String, at time: Milliseconds) throws {
    try write()
    staged.deleted[login.guid] = DeletedLogin(login: login, reason: reason, time: time)
  }

  func removeDeleted(guid: String) throws -> Bool {
    try write()
    return staged.deleted.removeValue(forKey: guid) != nil
  }

  func removeDeleted(before time: Milliseconds) throws {
    try write()
    staged.deleted = staged.deleted.filter { $0.value.time >= time }
  }

  func deletedLogins() throws -> [DeletedLogin] { staged.deleted.values.sorted { $0.time < $1.time } }

  func counts() throws -> MirrorCounts {
    MirrorCounts(logins: staged.logins.count, setAside: staged.setAside.count)
  }

  func commit() throws {
    try write()
    isCommitted = true
    mirror.openUpdates -= 1
    mirror.commits += 1
    // A document written outside the update is kept.
    mirror.contents = staged
  }
}
