import LockwiseAccounts
import LockwiseCore

/// Reads a collection page by page, so that its size does not matter.
public struct RawReader {
  /// The most ids that one request may name (Sync storage API 1.5).
  static let idsPerRequest = 100
  /// Records a request, unless the answers are too large.
  static let pageSize = 500

  private let client: StorageClient
  private let collection: String

  /// Makes a reader; nothing is sent.
  public init(client: StorageClient, collection: String) {
    self.client = client
    self.collection = collection
  }

  /// Reads whole records.
  ///
  /// - Parameters:
  ///   - query: which ones; its `limit` counts all of them, not those of a page.
  ///   - take: is given each page.
  /// - Throws: `StorageError`, `.preconditionFailed` if the collection is written to meanwhile; what `take` throws.
  public func records(_ query: StorageQuery, take: ([BSO]) throws -> Void) throws {
    var first: Timestamp?
    try pages(query) { query in
      let condition = first.map { StorageCondition.unmodifiedSince($0) } ?? .none
      guard let page = try client.records(in: collection, query, condition).value else {
        throw StorageError.preconditionFailed(lastModified: nil)
      }
      // A server that does not know the condition tells by the time.
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
  /// - Throws: `StorageError`; what `take` throws.
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
  ///   - ids: which ones.
  ///   - take: is given those that exist, in the order of `ids`, and the ids of those that do not.
  /// - Throws: `StorageError`; what `take` throws.
  public func records(ids: [String], take: (_ found: [BSO], _ missing: [String]) throws -> Void) throws {
    for start in stride(from: 0, to: ids.count, by: Self.idsPerRequest) {
      let chunk = Array(ids[start..<min(start + Self.idsPerRequest, ids.count)])
      let records = try fetch(chunk)
      try take(chunk.compactMap { records[$0] }, chunk.filter { records[$0] == nil })
    }
  }

  /// Which of some ids exist.
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

  /// Asks for one page after the other; pages that are too large become smaller.
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
      // Some servers answer more than they are asked for.
      let elements = page.elements.prefix(left)
      left -= elements.count
      try take(Array(elements))
      guard let next = page.next else { return }
      query.offset = next
    }
  }
}
