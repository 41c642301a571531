/// The repair of a vault with damaged or outdated rows. Intact rows are kept, others removed.
extension VaultUpdate {
  func repair() throws -> VaultRepair {
    var repair = VaultRepair()
    try repairDocuments(&repair)
    let kept = try repairLogins(&repair)
    try repairLists(&repair, kept)
    try setDocument(.syncState, to: nil)
    hasRepaired = true
    return repair
  }

  /// Removes the documents that are not intact.
  ///
  /// - Throws: `VaultError.damaged` if the account is among them, because nothing can be downloaded without it.
  private func repairDocuments(_ repair: inout VaultRepair) throws {
    for name in summary.documentNames {
      do {
        _ = try document(name)
      } catch VaultError.damaged where name != .account {
        try setDocument(name, to: nil)
        repair.documents.append(name)
      }
    }
  }

  /// Removes the logins that are not intact and rewrites the index.
  ///
  /// The rows of the logins come from the index, and for logins in the outbox from there too. So no change is lost with
  /// the index.
  ///
  /// - Returns: the GUIDs of the intact logins.
  private func repairLogins(_ repair: inout VaultRepair) throws -> Set<String> {
    let outbox = try SealedList(.outbox, vault, summary)
    var tags = Dictionary(outbox.pins.values.map { ($0.login, $0.tag) }) { first, _ in first }
    for bucket in 0..<summary.layout.bucketCount {
      do {
        for entry in try vault.bucketTable.read(bucket, summary) { tags[entry.login] = entry.tag }
      } catch VaultError.damaged {
        // A login has entries in several buckets, and one of them is enough.
      }
    }
    var guids: Set<String> = []
    var entries: [VaultIndex.Entry] = []
    for row in try vault.loginTable.salvage(tags, { try? LoginRow(plaintext: $0).record() }) {
      guard guids.insert(row.value.guid).inserted else { continue }
      entries += try LoginTokens(row.value, keys: keys).all.map { .init(token: $0, login: row.id, tag: row.tag) }
    }
    repair.logins = summary.logins - guids.count
    summary.logins = guids.count
    summary.entries = entries.count
    try vault.bucketTable.writeAll(entries.sorted(), &summary, random: vault.random)
    return guids
  }

  /// Removes list rows that are not intact, and outbox entries whose login is lost.
  ///
  /// - Throws: `VaultError.damaged` if the outbox's list of rows is damaged. No change is dropped then.
  private func repairLists(_ repair: inout VaultRepair, _ kept: Set<String>) throws {
    outboxEditor = try ListEditor(
      salvaging: self,
      parse: { text in
        guard let entry = OutboxEntry(text: text) else { throw VaultError.damaged(part: "outbox") }
        return entry.isDeletion || kept.contains(entry.guid) ? entry : nil
      }, lost: &repair.changes)
    do {
      aside = try ListEditor(self)
    } catch VaultError.damaged {
      // The full download adds them again.
      try forgetList(.aside)
    }
    let count = summary.lists[.deleted] ?? 0
    do {
      deleted = try ListEditor(
        salvaging: self, parse: { DeletedLogin(text: $0) }, lost: &repair.deletedLogins)
    } catch VaultError.damaged {
      try forgetList(.deleted)
      repair.deletedLogins = count
    }
  }

  private func forgetList(_ kind: ListKind) throws {
    try connection.run("DELETE FROM \(kind.table)")
    try vault.documentTable.write(kind.document, nil, &summary, random: vault.random)
    summary.lists[kind] = 0
  }
}

/// The losses that a repair of the vault found. A full download restores everything but changes that were not uploaded
/// and deleted logins that were kept.
public struct VaultRepair: Equatable, Sendable {
  /// The number of logins whose rows were not intact.
  public internal(set) var logins = 0
  /// The number of lost changes that were not uploaded yet.
  public internal(set) var changes = 0
  /// The number of lost logins that another client had deleted.
  public internal(set) var deletedLogins = 0
  /// The names of lost documents, all of which are recreated when needed.
  public internal(set) var documents: [DocumentName] = []

  /// Makes a repair without losses.
  public init() {}

  /// Whether nothing was lost.
  public var isEmpty: Bool { self == VaultRepair() }
}
