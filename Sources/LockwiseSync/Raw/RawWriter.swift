import LockwiseCore

/// Writes records of one collection and never overwrites an unseen change.
public struct RawWriter {
  /// The condition for a write.
  public enum Mode: Sendable {
    /// Nothing.
    case either
    /// None of the records exists.
    case create
    /// All of the records exist.
    case replace
  }

  /// A write that was refused.
  public enum Refusal: Error, Equatable, Sendable {
    /// The record already exists.
    case exists(id: String)
    /// The record does not exist.
    case missing(id: String)
  }

  private let client: StorageClient
  private let collection: String
  private let cipher: RawCipher
  private let random: any RandomSource

  /// Creates a writer; nothing is sent.
  public init(client: StorageClient, collection: String, cipher: RawCipher, random: any RandomSource) {
    self.client = client
    self.collection = collection
    self.cipher = cipher
    self.random = random
  }

  /// Writes records.
  ///
  /// - Parameters:
  ///   - records: records with different ids; those without one get a new one.
  ///   - mode: the condition for the write.
  ///   - note: called with the stored ids as soon as they are confirmed: what is too much for one batch is written in
  ///     several, and one of them may fail.
  /// - Returns: the records that the server did not accept, with the reasons, by id.
  /// - Throws: `Refusal`; `StorageError`, `.preconditionFailed` if another client wrote meanwhile; the errors of
  ///   `note`.
  public func put(
    _ records: [RawRecord], _ mode: Mode, note: ([String]) throws -> Void
  ) throws -> [String: String] {
    // The id of a new record is random, so it cannot exist yet.
    let named = try records.map { try $0.id == nil ? $0.named(SyncID.make(random)) : $0 }
    if named.count == 1 {
      return try put(named[0], mode, note)
    }
    let time = try client.collectionTimes().value?.collections[collection] ?? Timestamp(hundredths: 0)
    let ids = named.compactMap(\.id)
    if mode != .either {
      let existing = try RawReader(client: client, collection: collection).existing(ids)
      for id in ids where existing.contains(id) == (mode == .create) {
        throw mode == .create ? Refusal.exists(id: id) : Refusal.missing(id: id)
      }
    }
    let items = try named.map { Uploader.Item(id: $0.id ?? "", payload: try cipher.seal($0, random: random)) }
    let uploader = Uploader(client: client, collection: collection, configuration: try client.configuration())
    return try uploader.upload(items, unmodifiedSince: time) { outcome in
      try note(ids.filter(outcome.success.contains))
    }
  }

  /// Marks a record as deleted, for all clients.
  ///
  /// - Throws: `Refusal.missing`; `StorageError`, `.preconditionFailed` if another client wrote meanwhile.
  public func putTombstone(_ id: String) throws {
    let refused = try put(RawRecord.tombstone(id), .replace) { _ in }
    guard refused.isEmpty else { throw StorageError.tooLarge }
  }

  /// Removes a record from the server; clients that have it keep it.
  ///
  /// - Throws: `Refusal.missing`; `StorageError`, `.preconditionFailed` if another client wrote meanwhile.
  public func remove(_ id: String) throws {
    guard let time = try time(of: id) else { throw Refusal.missing(id: id) }
    try client.delete(id: id, in: collection, unmodifiedSince: time)
  }

  private func put(
    _ record: RawRecord, _ mode: Mode, _ note: ([String]) throws -> Void
  ) throws -> [String: String] {
    let id = record.id ?? ""
    let time = try time(of: id)
    if mode == .create, time != nil { throw Refusal.exists(id: id) }
    if mode == .replace, time == nil { throw Refusal.missing(id: id) }
    var body = JSONObjectWriter()
    body.member("payload", secret: try cipher.seal(record, random: random))
    do {
      try client.put(body.finish(), id: id, in: collection, unmodifiedSince: time ?? Timestamp(hundredths: 0))
    } catch StorageError.tooLarge {
      return [id: "larger than the server accepts"]
    }
    try note([id])
    return [:]
  }

  private func time(of id: String) throws -> Timestamp? {
    guard let record = try client.record(id, in: collection).value else { return nil }
    guard let time = record.modified else { throw StorageError.unexpectedResponse(expected: "a record with its time") }
    return time
  }
}
