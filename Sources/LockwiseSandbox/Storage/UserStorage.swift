/// Everything one storage user has on the server.
final class UserStorage {
  /// A batch that is not committed yet.
  struct Batch {
    let collection: String
    let started: SyncTime
    var changes: [RecordChange] = []
    var bytes = 0
  }

  let uid: Int
  /// Time of the last write, also of one that removed everything.
  private(set) var modified: SyncTime
  var collections: [String: StoredCollection] = [:]
  var batches: [String: Batch] = [:]
  private var nextBatch = 1

  init(uid: Int, modified: SyncTime = .zero) {
    self.uid = uid
    self.modified = modified
  }

  /// The time of a write that happens now: later than every write before it.
  func tick(_ now: SyncTime) -> SyncTime {
    modified = max(now, SyncTime(hundredths: modified.hundredths + 1))
    return modified
  }

  func touch(_ time: SyncTime) { modified = max(modified, time) }

  func collection(_ name: String, creating time: SyncTime) -> StoredCollection {
    if let known = collections[name] { return known }
    let new = StoredCollection(modified: time)
    collections[name] = new
    return new
  }

  /// Time of the last write to a collection; zero if there is none.
  func modified(of name: String) -> SyncTime { collections[name]?.modified ?? .zero }

  /// Removes what has expired; `now` is in microseconds since 1970.
  func purgeExpired(at now: Int64) {
    for collection in collections.values { collection.purgeExpired(at: now) }
  }

  func purgeBatches(olderThan start: SyncTime) { batches = batches.filter { $0.value.started >= start } }

  /// Ids look like those of syncstorage-rs: base64 that ends in `==`, which a query must escape.
  func startBatch(_ batch: Batch) -> String {
    let id = Base64.standard("\(1_000_000_000_000 + batch.started.hundredths % 1_000_000_000_000 / 10)".utf8)
    let unique = batches[id] == nil ? id : Base64.standard("\(2_000_000_000_000 + nextBatch)".utf8)
    nextBatch += 1
    batches[unique] = batch
    return unique
  }

  /// Writes changes to a collection under one new time.
  @discardableResult func write(_ changes: [RecordChange], to name: String, _ clock: SandboxClock) -> SyncTime {
    let now = clock.microseconds
    let time = tick(SyncTime(hundredths: now / 10_000))
    let collection = collection(name, creating: time)
    for change in changes { collection.apply(change, at: time, now: now) }
    collection.modified = time
    return time
  }

  /// Sum of all payloads, in bytes.
  var payloadBytes: Int { collections.values.reduce(0) { $0 + $1.payloadBytes } }
}
