/// The records of a collection, indexed by id and by time.
///
/// The times of a user only increase, so a list in the order of writes is an index by time. A record that is written
/// again gets another entry, and its old one is skipped.
final class StoredCollection {
  private struct Entry {
    let modified: SyncTime
    let sequence: Int
    let id: String
  }

  var modified: SyncTime
  private(set) var records: [String: StoredRecord] = [:]
  /// The sum of the lengths of the payloads, in bytes.
  private(set) var payloadBytes = 0
  private var order: [Entry] = []
  private var nextSequence = 1
  private var earliestExpiry: Int64?
  private var byIndex: [String]?

  init(modified: SyncTime) { self.modified = modified }

  /// Returns whether the name of a collection has 1 to 32 ASCII letters, digits and `-._`.
  static func isValidName(_ name: String) -> Bool {
    1...32 ~= name.utf8.count
      && name.utf8.allSatisfy { byte in
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || [45, 46, 95].contains(byte)
      }
  }

  /// Adds a record of a file; records must be added in the order of their times.
  func load(_ record: StoredRecord) {
    var record = record
    record.sequence = nextSequence
    insert(record)
  }

  /// Applies an upload.
  ///
  /// - Parameters:
  ///   - time: the time of the write, which can be later than the clock, because the times of a user only increase.
  ///   - now: the clock, which a ttl starts from, in microseconds since 1970.
  func apply(_ change: RecordChange, at time: SyncTime, now: Int64) {
    var record =
      records[change.id]
      ?? StoredRecord(
        id: change.id, modified: time, payload: [0x22, 0x22], payloadBytes: 0, sequence: nextSequence)
    if let ttl = change.ttl { record.expires = now + Int64(ttl) * 1_000_000 }
    if let payload = change.payload {
      record.payload = payload
      record.payloadBytes = change.payloadBytes
    }
    if let sortindex = change.sortindex { record.sortindex = sortindex }
    // A change of only the ttl keeps the time of the record (syncstorage-rs, put_bso).
    if change.payload != nil || change.sortindex != nil || records[change.id] == nil {
      record.modified = time
      record.sequence = nextSequence
    }
    insert(record)
  }

  private func insert(_ record: StoredRecord) {
    byIndex = nil
    if let expires = record.expires { earliestExpiry = min(expires, earliestExpiry ?? expires) }
    payloadBytes += record.payloadBytes
    if let old = records.updateValue(record, forKey: record.id) { payloadBytes -= old.payloadBytes }
    guard record.sequence == nextSequence else { return }
    nextSequence += 1
    order.append(Entry(modified: record.modified, sequence: record.sequence, id: record.id))
    if order.count > 64, order.count > 2 * records.count { order.removeAll { !isCurrent($0) } }
  }

  /// Removes a record; returns false if it does not exist.
  @discardableResult func remove(_ id: String) -> Bool {
    guard let old = records.removeValue(forKey: id) else { return false }
    byIndex = nil
    payloadBytes -= old.payloadBytes
    return true
  }

  /// Removes the records that have expired at a time in microseconds since 1970.
  func purgeExpired(at now: Int64) {
    guard let earliest = earliestExpiry, earliest <= now else { return }
    for (id, record) in records where record.expires.map({ $0 <= now }) == true { remove(id) }
    earliestExpiry = records.values.compactMap(\.expires).min()
  }

  private func isCurrent(_ entry: Entry) -> Bool { records[entry.id]?.sequence == entry.sequence }

  /// Returns the index of the first entry after a time, or at it if `inclusive` is set.
  private func firstEntry(after time: SyncTime, inclusive: Bool = false) -> Int {
    partition { inclusive ? $0.modified >= time : $0.modified > time }
  }

  private func partition(where isSecondHalf: (Entry) -> Bool) -> Int {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if isSecondHalf(order[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Returns a page of the records that a query selects, and the cursor of the next page.
  func select(_ query: CollectionQuery) -> (records: [StoredRecord], next: Int?) {
    if query.ids == nil, query.sort != .index { return selectByTime(query) }
    var found: [StoredRecord] = []
    if let ids = query.ids {
      found = Set(ids).compactMap { records[$0] }.sorted { query.sort.precedes($0, $1) }
    } else {
      let sorted = byIndex ?? records.values.sorted(by: query.sort.precedes).map(\.id)
      byIndex = sorted
      found = sorted.compactMap { records[$0] }
    }
    found.removeAll { $0.modified <= query.newer ?? SyncTime(hundredths: -1) }
    if let older = query.older { found.removeAll { $0.modified >= older } }
    let page = found.dropFirst(query.cursor ?? 0)
    guard let limit = query.limit, page.count > limit else { return (Array(page), nil) }
    return (Array(page.prefix(limit)), (query.cursor ?? 0) + limit)
  }

  private func selectByTime(_ query: CollectionQuery) -> (records: [StoredRecord], next: Int?) {
    var low = query.newer.map { firstEntry(after: $0) } ?? 0
    var high = query.older.map { firstEntry(after: $0, inclusive: true) } ?? order.count
    let ascending = query.sort == .oldest
    if let cursor = query.cursor {
      if ascending {
        low = max(low, partition { $0.sequence > cursor })
      } else {
        high = min(high, partition { $0.sequence >= cursor })
      }
    }
    var page: [StoredRecord] = []
    guard low < high else { return (page, nil) }
    let limit = query.limit ?? Int.max
    for step in 0..<(high - low) {
      let entry = order[ascending ? low + step : high - 1 - step]
      guard let record = records[entry.id], record.sequence == entry.sequence else { continue }
      if page.count == limit { return (page, page.last?.sequence ?? 0) }
      page.append(record)
    }
    return (page, nil)
  }
}
