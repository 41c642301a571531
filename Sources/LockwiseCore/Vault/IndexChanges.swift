/// Changes to the look-up index that are not written yet.
struct IndexChanges {
  private var added: [VaultIndex.Entry] = []
  /// The entries to remove, both from `added` and from the written ones.
  private var removed: Set<VaultIndex.Entry> = []
  /// The entries of `added` without the removed ones, by token. Computed on first use, which a large first pull never
  /// needs.
  private var staged: [LookupToken: Set<VaultIndex.Entry>]?

  /// The number of changes.
  var count: Int { added.count + removed.count }

  /// Adds an entry that does not exist yet. Its tag is new, so it cannot be among the removed ones.
  mutating func add(_ entry: VaultIndex.Entry) {
    added.append(entry)
    staged?[entry.token, default: []].insert(entry)
  }

  /// Removes an existing entry.
  mutating func remove(_ entry: VaultIndex.Entry) {
    removed.insert(entry)
    staged?[entry.token]?.remove(entry)
  }

  /// Returns whether a written entry is to be removed.
  func isRemoved(_ entry: VaultIndex.Entry) -> Bool { !removed.isEmpty && removed.contains(entry) }

  /// Returns the added entries of a token.
  mutating func added(_ token: LookupToken) -> Set<VaultIndex.Entry> {
    if staged == nil {
      staged = [:]
      for entry in added where !isRemoved(entry) { staged?[entry.token, default: []].insert(entry) }
    }
    return staged?[token] ?? []
  }

  /// Returns the added entries without the removed ones, sorted.
  mutating func additions() -> [VaultIndex.Entry] {
    if !removed.isEmpty { added.removeAll { removed.contains($0) } }
    added.sort()
    return added
  }

  /// Returns the numbers of the buckets that change, sorted.
  func buckets(bits: Int) -> [Int64] {
    var buckets = Set(removed.map { $0.token.bucket(bits: bits) })
    for entry in added { buckets.insert(entry.token.bucket(bits: bits)) }
    return buckets.sorted()
  }
}
