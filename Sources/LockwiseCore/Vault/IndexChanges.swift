/// Changes of the look-up index that are not written yet.
struct IndexChanges {
  private var added: [VaultIndex.Entry] = []
  /// What is to go, of `added` as well as of the entries that are written.
  private var removed: Set<VaultIndex.Entry> = []
  /// The entries of `added` that stay, by token; made when first needed, which a pull of many logins never does.
  private var staged: [LookupToken: Set<VaultIndex.Entry>]?

  /// How many changes there are.
  var count: Int { added.count + removed.count }

  /// Adds an entry that is not there. Its tag is new, so it never was there.
  mutating func add(_ entry: VaultIndex.Entry) {
    added.append(entry)
    staged?[entry.token, default: []].insert(entry)
  }

  /// Removes an entry that is there.
  mutating func remove(_ entry: VaultIndex.Entry) {
    removed.insert(entry)
    staged?[entry.token]?.remove(entry)
  }

  /// Whether an entry that is written is to go.
  func isRemoved(_ entry: VaultIndex.Entry) -> Bool { !removed.isEmpty && removed.contains(entry) }

  /// The added entries of a token.
  mutating func added(_ token: LookupToken) -> Set<VaultIndex.Entry> {
    if staged == nil {
      staged = [:]
      for entry in added where !isRemoved(entry) { staged?[entry.token, default: []].insert(entry) }
    }
    return staged?[token] ?? []
  }

  /// The added entries that are to stay, in order.
  mutating func additions() -> [VaultIndex.Entry] {
    if !removed.isEmpty { added.removeAll { removed.contains($0) } }
    added.sort()
    return added
  }

  /// The buckets in which anything changes, in order.
  func buckets(bits: Int) -> [Int64] {
    var buckets = Set(removed.map { $0.token.bucket(bits: bits) })
    for entry in added { buckets.insert(entry.token.bucket(bits: bits)) }
    return buckets.sorted()
  }
}
