import LockwiseAccounts
import LockwiseCore

/// One step of an upload (Sync storage API 1.5, "Batch uploads").
enum BatchStep: Equatable, Sendable {
  /// A single POST.
  case none
  /// Opens a batch.
  case begin
  /// Adds to the batch with this id.
  case append(String)
  /// Adds to the batch with this id and makes all of it visible.
  case commit(String)

  /// Whether other clients see the written records at once.
  var isVisible: Bool {
    switch self {
    case .none, .commit: true
    case .begin, .append: false
    }
  }

  var query: String {
    switch self {
    case .none: ""
    case .begin: "?batch=true"
    case .append(let id): "?batch=\(PercentEncoding.encode(id))"
    case .commit(let id): "?batch=\(PercentEncoding.encode(id))&commit=true"
    }
  }
}

/// The outcome of a POST of records.
struct PostResponse: Sendable {
  /// The ids of the stored records; in an open batch, of those that will be stored.
  let success: Set<String>
  /// The ids of the refused records, with the reasons.
  let failed: [String: String]
  /// The time when they became visible; `nil` in an open batch.
  let modified: Timestamp?
  /// The open batch; `nil` if there is none.
  let batch: String?
}

// The writing resources of Sync storage API 1.5. All of them throw `StorageError` and the errors of the credentials'
// source, the vault and libcrypto. After `StorageError.network` and `.serverTrouble` their outcome is unknown.
extension StorageClient {
  /// Uploads records.
  ///
  /// - Parameters:
  ///   - body: a JSON array of objects with ids.
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - step: the part of a batch.
  ///   - time: fails with `.preconditionFailed` if the collection was written since; 0: if it exists.
  /// - Throws: `StorageError`.
  func post(
    _ body: SecretBytes, to collection: String, _ step: BatchStep, unmodifiedSince time: Timestamp
  ) throws -> PostResponse {
    // Invisible records may be sent twice, which lets the POSTs of a batch share a connection.
    let response = try write(
      "POST", path(of: collection) + step.query, body: body, .unmodifiedSince(time), isSentOnce: step.isVisible)
    let answer = try object(in: response, "the result of an upload")
    guard let success = answer["success"]?.array?.map(\.string), !success.contains(nil) else {
      throw StorageError.unexpectedResponse(expected: "the result of an upload")
    }
    var failed: [String: String] = [:]
    for member in answer["failed"]?.object?.members ?? [] {
      failed[member.name] = UploadRefusal.text(for: member.value.string ?? member.value.array?.first?.string ?? "")
    }
    let modified = answer["modified"].flatMap { Timestamp(json: $0) }
    let batch = response.status == 202 ? answer["batch"]?.string : nil
    guard response.status == 202 ? batch != nil : modified != nil else {
      throw StorageError.unexpectedResponse(expected: "the result of an upload")
    }
    return PostResponse(
      success: Set(success.compactMap(\.self)), failed: failed, modified: response.status == 202 ? nil : modified,
      batch: batch)
  }

  /// Writes one record.
  ///
  /// - Parameters:
  ///   - record: a JSON object without `id`.
  ///   - time: fails with `.preconditionFailed` if the record was written since; 0: if it exists; `nil`: without a condition.
  /// - Returns: the time of the change.
  /// - Throws: `StorageError`.
  @discardableResult
  func put(
    _ record: SecretBytes, id: String, in collection: String, unmodifiedSince time: Timestamp?
  ) throws -> Timestamp {
    let condition = time.map { StorageCondition.unmodifiedSince($0) } ?? .none
    let response = try write("PUT", path(of: id, in: collection), body: record, condition)
    guard let written = Timestamp(json: try json(in: response, "a time")) else {
      throw StorageError.unexpectedResponse(expected: "a time")
    }
    return written
  }

  /// Removes one record without a tombstone. Other clients keep theirs: to delete a record everywhere, upload a
  /// tombstone.
  ///
  /// - Throws: `StorageError`, `.notFound` if there is none.
  public func delete(id: String, in collection: String, unmodifiedSince time: Timestamp?) throws {
    let condition = time.map { StorageCondition.unmodifiedSince($0) } ?? .none
    _ = try write("DELETE", path(of: id, in: collection), body: nil, condition)
  }

  private func path(of id: String, in collection: String) throws -> String {
    guard LoginRecord.isValidID(id) else { throw StorageError.invalidName }
    return try path(of: collection) + "/" + PercentEncoding.encode(id)
  }
}

/// The reason why a server did not store a record. The server's own text is dropped: it is for developers, and a server
/// may write anything.
enum UploadRefusal {
  static let tooLarge = "larger than the server accepts"
  private static let tooMany = "too many records in one upload"

  /// Whether a record with this reason may be accepted in a request with fewer other records.
  static func dependsOnOthers(_ reason: String) -> Bool { reason == tooLarge || reason == tooMany }

  /// Translates a text of `failed` (Sync storage API 1.5, POST storage/collection).
  static func text(for raw: String) -> String {
    let raw = raw.lowercased()
    if raw.hasPrefix("retry bytes") { return tooLarge }
    if raw.hasPrefix("retry bso") { return tooMany }
    if raw.hasPrefix("db error") { return "the server could not store it" }
    if raw.hasPrefix("invalid") || raw.hasPrefix("unknown field") { return "the server considers it invalid" }
    return "not accepted by the server"
  }
}
