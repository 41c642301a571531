import LockwiseCore

/// Uploads records within the server's limits, all of them visible at once if the server supports batches.
final class Uploader {
  /// A record to upload.
  struct Item {
    /// Its id.
    let id: String
    /// The encrypted content: the BSO's payload.
    let payload: SecretBytes

    /// The BSO: a JSON object with `id` and `payload`.
    var text: SecretBytes {
      var writer = JSONObjectWriter()
      writer.member("id", id)
      writer.member("payload", secret: payload)
      return writer.finish()
    }
  }

  /// The outcome of an upload.
  struct Outcome {
    /// The ids of the stored records.
    var success: Set<String> = []
    /// The refused records with the reasons, including those that are too large.
    var failed: [String: String] = [:]
    /// The collection's time after the upload; `nil` if nothing was written.
    var modified: Timestamp?

    /// Removes from `failed` the records that exceeded an unannounced limit of one request, and returns them: they are
    /// accepted in a request of their own. If the server stored none of the batch, none is returned.
    mutating func removeLeftOver(from batch: [Item]) -> [Item] {
      guard !success.isEmpty else { return [] }
      return batch.filter { item in
        guard let reason = failed[item.id], UploadRefusal.dependsOnOthers(reason) else { return false }
        failed[item.id] = nil
        return true
      }
    }
  }

  /// The server no longer has the batch: it expired, or the server was restarted. No client saw any of it.
  private struct ForgottenBatch: Error {
    let error: StorageError
  }

  /// The server's limits have changed.
  private struct OtherLimits: Error {}

  static let tooLarge = UploadRefusal.tooLarge

  private let client: StorageClient
  private let collection: String
  private var configuration: StorageConfiguration
  /// Fetches the server's limits; `nil` after the first call.
  private var askAgain: (() throws -> StorageConfiguration)?

  /// Creates an uploader; nothing is sent.
  ///
  /// - Parameters:
  ///   - client: the account's storage.
  ///   - collection: the collection's name.
  ///   - configuration: the last known limits of the server.
  ///   - askAgain: fetches the limits if the server rejects something as too large.
  init(
    client: StorageClient, collection: String, configuration: StorageConfiguration,
    askAgain: (() throws -> StorageConfiguration)? = nil
  ) {
    self.client = client
    self.collection = collection
    self.configuration = configuration
    self.askAgain = askAgain
  }

  /// Uploads records.
  ///
  /// - Parameters:
  ///   - items: records with different ids.
  ///   - time: the last known change of the collection; 0 if it does not exist.
  ///   - note: called with the stored records as soon as they are confirmed, and with the collection's new time.
  /// - Throws: `StorageError`, `.preconditionFailed` or `.conflict` if another client wrote meanwhile; what `note`
  ///   throws. Records stored before that were reported to it.
  func upload(
    _ items: [Item], unmodifiedSince time: Timestamp, note: (Outcome) throws -> Void
  ) throws -> [String: String] {
    var failed: [String: String] = [:]
    var rest = items[...]
    var time = time
    while !rest.isEmpty {
      let unfit = rest.filter { !fits($0) }
      for item in unfit { failed[item.id] = Self.tooLarge }
      if !unfit.isEmpty { rest = rest.filter { fits($0) }[...] }
      for batch in batches(of: Array(rest)) {
        do {
          var outcome = try upload(batch: batch, unmodifiedSince: time, shrink: 1)
          rest = rest.dropFirst(batch.count) + outcome.removeLeftOver(from: batch)
          failed.merge(outcome.failed) { $1 }
          time = outcome.modified ?? time
          try note(outcome)
        } catch is OtherLimits {
          break
        }
      }
    }
    return failed
  }

  /// Fetches the limits again, once. An upload of several visible requests may be half done by then; its next one fails
  /// with `.preconditionFailed`.
  private func checkLimits() throws {
    guard let askAgain else { return }
    self.askAgain = nil
    let limits = try askAgain()
    guard limits != configuration else { return }
    configuration = limits
    throw OtherLimits()
  }

  /// Whether a record is small enough for a request of its own. Strictly below every limit: old servers are off by one.
  func fits(_ item: Item) -> Bool {
    let size = Int64(item.payload.count)
    return size < configuration.maxRecordPayloadBytes && size < configuration.maxPostBytes
      && Int64(item.text.count) + 2 < configuration.maxRequestBytes
  }

  /// Returns the items in groups that can become visible together.
  private func batches(of items: [Item]) -> [[Item]] {
    let records = configuration.maxTotalRecords ?? configuration.maxPostRecords
    let bytes = configuration.maxTotalBytes ?? configuration.maxPostBytes
    return Self.groups(of: items, records: records, bytes: bytes, requestBytes: .max)
  }

  private static func groups(of items: [Item], records: Int64, bytes: Int64, requestBytes: Int64) -> [[Item]] {
    var groups: [[Item]] = []
    var group: [Item] = []
    var payload: Int64 = 0
    // Both brackets; a comma is counted for every record, one too many.
    var request: Int64 = 1
    for item in items {
      let size = Int64(item.payload.count)
      let text = Int64(item.text.count) + 1
      if !group.isEmpty, Int64(group.count) >= records || payload + size >= bytes || request + text >= requestBytes {
        groups.append(group)
        (group, payload, request) = ([], 0, 1)
      }
      group.append(item)
      payload += size
      request += text
    }
    if !group.isEmpty { groups.append(group) }
    return groups
  }

  private func upload(batch items: [Item], unmodifiedSince time: Timestamp, shrink: Int64) throws -> Outcome {
    let posts = Self.groups(
      of: items, records: max(1, configuration.maxPostRecords / shrink), bytes: configuration.maxPostBytes / shrink,
      requestBytes: configuration.maxRequestBytes / shrink)
    do {
      guard posts.count > 1, configuration.maxTotalRecords != nil else {
        return try uploadSeparately(posts, unmodifiedSince: time)
      }
      do {
        return try uploadBatch(posts, unmodifiedSince: time)
      } catch is ForgottenBatch {
        return try uploadBatch(posts, unmodifiedSince: time)
      }
    } catch let forgotten as ForgottenBatch {
      throw forgotten.error
    } catch StorageError.tooLarge where items.count > 1 && shrink < 1 << 20 {
      try checkLimits()
      return try upload(batch: items, unmodifiedSince: time, shrink: shrink * 4)
    } catch StorageError.tooLarge where items.count == 1 {
      try checkLimits()
      return Outcome(failed: [items[0].id: Self.tooLarge])
    }
  }

  /// A server without batches: each POST is visible at once, and the next one builds on its time.
  private func uploadSeparately(_ posts: [[Item]], unmodifiedSince time: Timestamp) throws -> Outcome {
    var outcome = Outcome()
    for post in posts {
      let answer = try client.post(
        body(post), to: collection, .none, unmodifiedSince: outcome.modified ?? time)
      add(answer, of: post, to: &outcome)
      outcome.modified = answer.modified
    }
    return outcome
  }

  private func uploadBatch(_ posts: [[Item]], unmodifiedSince time: Timestamp) throws -> Outcome {
    var outcome = Outcome()
    var batch: String?
    for (index, post) in posts.enumerated() {
      let isLast = index == posts.count - 1
      let step = batch.map { isLast ? BatchStep.commit($0) : .append($0) } ?? .begin
      let answer: PostResponse
      do {
        answer = try client.post(body(post), to: collection, step, unmodifiedSince: time)
      } catch let error as StorageError {
        guard batch != nil, case .badRequest = error else { throw error }
        throw ForgottenBatch(error: error)
      }
      add(answer, of: post, to: &outcome)
      if index == 0 {
        guard let opened = answer.batch else {
          // The server does not support batches: these are already visible.
          outcome.modified = answer.modified
          let rest = try uploadSeparately(Array(posts.dropFirst()), unmodifiedSince: answer.modified ?? time)
          outcome.success.formUnion(rest.success)
          outcome.failed.merge(rest.failed) { $1 }
          outcome.modified = rest.modified ?? outcome.modified
          return outcome
        }
        batch = opened
      }
      if isLast { outcome.modified = answer.modified }
    }
    guard outcome.modified != nil else { throw StorageError.unexpectedResponse(expected: "the end of a batch") }
    return outcome
  }

  private func body(_ post: [Item]) -> SecretBytes {
    var builder = SecretBuilder()
    builder.append(UInt8(ascii: "["))
    for (index, item) in post.enumerated() {
      if index > 0 { builder.append(UInt8(ascii: ",")) }
      builder.append(item.text)
    }
    builder.append(UInt8(ascii: "]"))
    return builder.finish()
  }

  /// An id in neither list was not stored either.
  private func add(_ answer: PostResponse, of post: [Item], to outcome: inout Outcome) {
    for item in post {
      if answer.success.contains(item.id), answer.failed[item.id] == nil {
        outcome.success.insert(item.id)
      } else {
        outcome.failed[item.id] = answer.failed[item.id] ?? "not accepted by the server"
      }
    }
  }
}
