import LockwiseCore

/// The condition of a request (Sync storage API 1.5, "Concurrency and conflict management"). A request carries one of
/// the two at most.
public enum StorageCondition: Equatable, Sendable {
  /// No condition.
  case none
  /// Respond only if it changed since (`X-If-Modified-Since`).
  case modifiedSince(Timestamp)
  /// Fail if it changed since (`X-If-Unmodified-Since`).
  case unmodifiedSince(Timestamp)
}

/// The result of a conditional GET.
public enum Fetched<Value: Sendable>: Sendable {
  /// It has not changed since the time given (304).
  case unchanged
  /// It does not exist (404).
  case absent
  /// The response.
  case found(Value)

  /// The response, if there is one.
  public var value: Value? {
    if case .found(let value) = self { value } else { nil }
  }
}

/// The time of the last change of each collection (Sync storage API 1.5, info/collections).
public struct CollectionTimes: Equatable, Sendable {
  /// The time of each collection that exists, by name.
  public let collections: [String: Timestamp]
  /// The time of the whole storage; `nil` if the server does not report it.
  public let lastModified: Timestamp?
}

/// One page of a collection.
public struct RecordPage: Sendable {
  /// The records of the page.
  public let records: [BSO]
  /// The time of the collection's last change: the point to continue from with `newer`.
  let lastModified: Timestamp
  /// The token that asks for the next page; `nil` on the last one.
  let nextOffset: String?
  /// The server's count of records: of all in some servers, of this page in others.
  let announced: Int64?
}

/// One page of a collection as received.
struct UnreadPage: Sendable {
  let body: SecretBytes
  let lastModified: Timestamp
  let nextOffset: String?
  let announced: Int64?

  /// The same page with another body.
  func with(body: SecretBytes) -> UnreadPage {
    UnreadPage(body: body, lastModified: lastModified, nextOffset: nextOffset, announced: announced)
  }

  private static let noList = StorageError.unexpectedResponse(expected: "a list of records")

  /// Reads the records.
  ///
  /// - Throws: `StorageError.unexpectedResponse` if they are invalid.
  func read() throws -> RecordPage {
    guard let elements = try? JSONValue(parsing: body).array else { throw Self.noList }
    let records = try elements.map { element in
      guard let record = BSO(json: element) else { throw Self.noList }
      return record
    }
    return RecordPage(records: records, lastModified: lastModified, nextOffset: nextOffset, announced: announced)
  }
}
