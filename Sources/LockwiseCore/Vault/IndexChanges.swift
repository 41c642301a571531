/// Changes of the look-up index that are not written yet.
struct IndexChanges {
  private var added: [VaultIndex.Entry] = []
  /// What is to go, of `added` as well as of the entries that are written.
  private var removed: Set<VaultIndex.Entry> = []
  /// The rows that `added` leads to, by token; made when first needed, which a pull of many logins never does.
  private var staged: [LookupToken: Set<Int64>]?

  /// How many changes there are.
  var count: Int { added.count + removed.count }

  /// Adds an entry that is not there.
  mutating func add(_ entry: VaultIndex.Entry) {
    if removed.remove(entry) == nil { added.append(entry) }
    staged?[entry.token, default: []].insert(entry.login)
  }

  /// Removes an entry that is there.
  mutating func remove(_ entry: VaultIndex.Entry) {
    removed.insert(entry)
    staged?[entry.token]?.remove(entry.login)
  }

  /// Whether an entry that is written is to go.
  func isRemoved(_ entry: VaultIndex.Entry) -> Bool { !removed.isEmpty && removed.contains(entry) }

  /// The rows that added entries of a token lead to.
  mutating func rows(_ token: LookupToken) -> Set<Int64> {
    if staged == nil {
      staged = [:]
      for entry in added where !isRemoved(entry) { staged?[entry.token, default: []].insert(entry.login) }
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
