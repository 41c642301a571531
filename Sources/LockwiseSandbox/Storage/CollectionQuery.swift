/// The parameters of `GET storage/<collection>` that select records.
struct CollectionQuery {
  /// A sort order of the Sync storage API.
  enum Sort: String {
    case newest, oldest, index

    /// Returns whether the left record comes before the right one.
    func precedes(_ left: StoredRecord, _ right: StoredRecord) -> Bool {
      switch self {
      case .newest: return left.sequence > right.sequence
      case .oldest: return left.sequence < right.sequence
      case .index:
        let leftIndex = left.sortindex ?? Int.min
        let rightIndex = right.sortindex ?? Int.min
        return leftIndex == rightIndex ? left.sequence > right.sequence : leftIndex > rightIndex
      }
    }
  }

  var ids: [String]?
  var newer: SyncTime?
  var older: SyncTime?
  var full = false
  var limit: Int?
  var sort = Sort.newest
  /// The position at which the previous page ended.
  var cursor: Int?

  /// Lowers the limit to at most this many records; nil changes nothing.
  mutating func capLimit(_ most: Int?) {
    guard let most else { return }
    limit = min(limit ?? most, most)
  }
}
