import LockwiseAccounts
import LockwiseCore

/// Reads a collection of any size page by page.
public struct RawReader {
  /// The most ids that one request may name (Sync storage API 1.5).
  static let idsPerRequest = 100
  /// The number of records in a request, unless the responses are too large.
  static let pageSize = 500

  private let client: StorageClient
  private let collection: String

  /// Creates a reader; nothing is sent.
  public init(client: StorageClient, collection: String) {
    self.client = client
    self.collection = collection
  }

  /// Reads whole records.
  ///
  /// - Parameters:
  ///   - query: the records to read; its `limit` is a total, not per page.
  ///   - take: called with each page.
  /// - Throws: `StorageError`, `.preconditionFailed` if the collection is written to meanwhile; the errors of `take`.
  public func records(_ query: StorageQuery, take: ([BSO]) throws -> Void) throws {
    var first: Timestamp?
    try pages(query) { query in
      let condition = first.map { StorageCondition.unmodifiedSince($0) } ?? .none
      guard let page = try client.records(in: collection, query, condition).value else {
        throw StorageError.preconditionFailed(lastModified: nil)
      }
      // For a server that does not support the condition, the time shows it.
      guard first == nil || first == page.lastModified else {
        throw StorageError.preconditionFailed(lastModified: page.lastModified)
      }
      first = page.lastModified
      return (page.records, page.nextOffset)
    } take: {
      try take($0)
    }
  }

  /// Reads ids.
  ///
  /// - Parameters: as of `records`.
  /// - Throws: `StorageError`; the errors of `take`.
  public func ids(_ query: StorageQuery, take: ([String]) throws -> Void) throws {
    try pages(query) { query in
      let page = try client.ids(in: collection, query)
      return (page.ids, page.nextOffset)
    } take: {
      try take($0)
    }
  }

  /// Reads some records.
  ///
  /// - Parameters:
  ///   - ids: the records' ids.
  ///   - take: called with the existing records, in the order of `ids`, and the ids of the others.
  /// - Throws: `StorageError`; the errors of `take`.
  public func records(ids: [String], take: (_ found: [BSO], _ missing: [String]) throws -> Void) throws {
    for start in stride(from: 0, to: ids.count, by: Self.idsPerRequest) {
      let chunk = Array(ids[start..<min(start + Self.idsPerRequest, ids.count)])
      let records = try fetch(chunk)
      try take(chunk.compactMap { records[$0] }, chunk.filter { records[$0] == nil })
    }
  }

  /// Returns those of some ids that exist.
  ///
  /// - Throws: `StorageError`.
  func existing(_ ids: [String]) throws -> Set<String> {
    var found: Set<String> = []
    for start in stride(from: 0, to: ids.count, by: Self.idsPerRequest) {
      var query = StorageQuery()
      query.ids = Array(ids[start..<min(start + Self.idsPerRequest, ids.count)])
      try self.ids(query) { found.formUnion($0) }
    }
    return found
  }

  private func fetch(_ ids: [String]) throws -> [String: BSO] {
    var found: [String: BSO] = [:]
    // A comma would end an id in `ids`.
    if ids.count == 1 || ids.contains(where: { $0.contains(",") }) {
      for id in ids { found[id] = try client.record(id, in: collection).value }
      return found
    }
    var query = StorageQuery()
    query.ids = ids
    try records(query) { for record in $0 { found[record.id] = record } }
    return found
  }

  /// Requests page after page; pages that are too large become smaller.
  private func pages<Element>(
    _ query: StorageQuery, ask: (StorageQuery) throws -> (elements: [Element], next: String?),
    take: ([Element]) throws -> Void
  ) throws {
    var query = query
    var left = query.limit ?? .max
    var size = Self.pageSize
    while left > 0 {
      query.limit = min(size, left)
      let page: (elements: [Element], next: String?)
      do {
        page = try ask(query)
      } catch StorageError.network(.tooLarge) where size > 1 {
        size = max(1, size / 10)
        continue
      }
      // Some servers send more than requested.
      let elements = page.elements.prefix(left)
      left -= elements.count
      try take(Array(elements))
      guard let next = page.next else { return }
      query.offset = next
    }
  }
}
