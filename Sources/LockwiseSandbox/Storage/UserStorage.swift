/// The storage of a user: collections and pending batches.
final class UserStorage {
  /// A batch of uploads that is not committed yet.
  struct Batch {
    let collection: String
    let started: SyncTime
    var changes: [RecordChange] = []
    var bytes = 0
  }

  let uid: Int
  /// The time of the last write, including one that removed everything.
  private(set) var modified: SyncTime
  var collections: [String: StoredCollection] = [:]
  var batches: [String: Batch] = [:]
  private var nextBatch = 1

  init(uid: Int, modified: SyncTime = .zero) {
    self.uid = uid
    self.modified = modified
  }

  /// Returns the time of a write at this moment, which is later than any earlier write.
  func advance(to now: SyncTime) -> SyncTime {
    modified = max(now, SyncTime(hundredths: modified.hundredths + 1))
    return modified
  }

  /// Returns a collection, creating it if it does not exist.
  func collection(_ name: String, creating time: SyncTime) -> StoredCollection {
    if let known = collections[name] { return known }
    let new = StoredCollection(modified: time)
    collections[name] = new
    return new
  }

  /// Returns the time of the last write to a collection; zero if it does not exist.
  func modified(of name: String) -> SyncTime { collections[name]?.modified ?? .zero }

  /// Removes the records that have expired at a time in microseconds since 1970.
  func purgeExpired(at now: Int64) {
    for collection in collections.values { collection.purgeExpired(at: now) }
  }

  /// Drops the batches that started before a time.
  func purgeBatches(olderThan start: SyncTime) { batches = batches.filter { $0.value.started >= start } }

  /// Adds a batch and returns its id. Like the ids of syncstorage-rs it is base64 that ends in `==`, which a query must
  /// escape.
  func startBatch(_ batch: Batch) -> String {
    let id = Base64.standard("\(1_000_000_000_000 + batch.started.hundredths % 1_000_000_000_000 / 10)".utf8)
    let unique = batches[id] == nil ? id : Base64.standard("\(2_000_000_000_000 + nextBatch)".utf8)
    nextBatch += 1
    batches[unique] = batch
    return unique
  }

  /// Writes changes to a collection, all with one new time, and returns that time.
  @discardableResult func write(_ changes: [RecordChange], to name: String, _ clock: SandboxClock) -> SyncTime {
    let now = clock.microseconds
    let time = advance(to: SyncTime(hundredths: now / 10_000))
    let collection = collection(name, creating: time)
    for change in changes { collection.apply(change, at: time, now: now) }
    collection.modified = time
    return time
  }

  /// The sum of the lengths of all payloads, in bytes.
  var payloadBytes: Int { collections.values.reduce(0) { $0 + $1.payloadBytes } }
}

/// The storage of all users.
final class StorageRegistry {
  private(set) var users: [Int: UserStorage] = [:]

  /// Returns the storage of a user, creating an empty one if it does not exist.
  func user(_ uid: Int) -> UserStorage {
    if let known = users[uid] { return known }
    let new = UserStorage(uid: uid)
    users[uid] = new
    return new
  }

  /// Adds or replaces the storage of a user.
  func put(_ user: UserStorage) { users[user.uid] = user }

  /// Removes the storage of a user.
  func remove(_ uid: Int) { users[uid] = nil }
}
