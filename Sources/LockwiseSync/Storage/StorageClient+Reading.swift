import LockwiseAccounts
import LockwiseCore

// The resources of Sync storage API 1.5, one function each. All of them throw `StorageError` and the errors of the
// credentials' source, the vault and libcrypto.
extension StorageClient {
  /// The time of the last change of each collection: the cheapest check for changes.
  ///
  /// - Parameter time: the last known time of the whole storage.
  /// - Returns: `.unchanged` if nothing was written since; never `.absent`.
  /// - Throws: `StorageError`.
  public func collectionTimes(ifModifiedSince time: Timestamp? = nil) throws -> Fetched<CollectionTimes> {
    var response = try get("/info/collections", time.map { .modifiedSince($0) } ?? .none)
    if response.status == 304 {
      // A storage that was wiped or restored is older than the given time, so a server reports it as unmodified.
      guard let actual = lastModified(of: response), actual != time else { return .unchanged }
      response = try get("/info/collections")
    }
    var collections: [String: Timestamp] = [:]
    for member in try object(in: response, "a list of collections").members {
      guard let time = Timestamp(json: member.value) else {
        throw StorageError.unexpectedResponse(expected: "a list of collections")
      }
      collections[member.name] = time
    }
    return .found(CollectionTimes(collections: collections, lastModified: lastModified(of: response)))
  }

  /// Fetches the number of records in each collection, by name.
  ///
  /// - Throws: `StorageError`.
  public func collectionCounts() throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for member in try object(in: get("/info/collection_counts"), "a list of counts").members {
      counts[member.name] = member.value.integer
    }
    return counts
  }

  /// Fetches the size of each collection, by name: kilobytes as written by the server. Expensive for the server.
  ///
  /// - Throws: `StorageError`.
  public func collectionUsage() throws -> [String: String] {
    var usage: [String: String] = [:]
    for member in try object(in: get("/info/collection_usage"), "a list of sizes").members {
      usage[member.name] = member.value.number
    }
    return usage
  }

  /// Fetches the used and the allowed size, kilobytes as written by the server; `nil` for no limit.
  ///
  /// - Throws: `StorageError`.
  public func quota() throws -> (used: String, allowed: String?) {
    let response = try get("/info/quota")
    guard let pair = try json(in: response, "a quota").array, pair.count == 2, let used = pair[0].number
    else {
      throw StorageError.unexpectedResponse(expected: "a quota")
    }
    return (used, pair[1].number)
  }

  /// Fetches the server's limits; the defaults if it is too old to report them.
  ///
  /// - Throws: `StorageError`.
  public func configuration() throws -> StorageConfiguration {
    do {
      let response = try get("/info/configuration")
      guard let configuration = StorageConfiguration(stored: try json(in: response, "a configuration")) else {
        throw StorageError.unexpectedResponse(expected: "a configuration")
      }
      return configuration
    } catch StorageError.notFound {
      return .defaults
    }
  }

  /// Fetches one record.
  ///
  /// - Parameters:
  ///   - id: 1 to 64 printable ASCII characters.
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - condition: the condition of the request.
  /// - Returns: `.absent` if there is none (or it has expired).
  /// - Throws: `StorageError`.
  public func record(
    _ id: String, in collection: String, _ condition: StorageCondition = .none
  ) throws -> Fetched<BSO> {
    guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw StorageError.invalidName
    }
    let path = try path(of: collection) + "/" + PercentEncoding.encode(id)
    let response: HTTPResponse
    do {
      response = try get(path, condition)
    } catch StorageError.notFound {
      return .absent
    }
    if response.status == 304 { return .unchanged }
    guard let record = BSO(json: try json(in: response, "a record")), record.id == id else {
      throw StorageError.unexpectedResponse(expected: "the requested record")
    }
    return .found(record)
  }

  /// Fetches a page of a collection with whole records. A collection that does not exist is an empty page.
  ///
  /// - Parameters:
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - query: the records and the offset.
  ///   - condition: the condition of the request.
  /// - Returns: `.unchanged`, or the page; never `.absent`.
  /// - Throws: `StorageError`.
  public func records(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition = .none
  ) throws -> Fetched<RecordPage> {
    switch try page(in: collection, query, condition) {
    case .found(let page): return .found(try page.read())
    case .absent, .unchanged: return .unchanged
    }
  }

  /// Fetches a page of a collection without reading its records. See `records`.
  ///
  /// - Parameter timeout: the longest time. With it, nothing is repeated and no credentials are fetched.
  /// - Throws: `StorageError`.
  func page(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition = .none, timeout: Milliseconds? = nil
  ) throws -> Fetched<UnreadPage> {
    let response = try get(try path(of: collection) + query.text(full: true), condition, timeout: timeout)
    if response.status == 304 { return .unchanged }
    // A later `newer` needs it.
    guard let time = lastModified(of: response) else {
      throw StorageError.unexpectedResponse(expected: "a response with X-Last-Modified")
    }
    let next = response.header("x-weave-next-offset").flatMap { $0.isEmpty ? nil : $0 }
    // A repeated offset would never end.
    guard next == nil || next != query.offset else {
      throw StorageError.unexpectedResponse(expected: "a page with a new offset")
    }
    return .found(
      UnreadPage(
        body: response.body, lastModified: time, nextOffset: next,
        announced: response.header("x-weave-records").flatMap { Int64($0) }))
  }

  /// Begins to fetch the page of the next call of `page` with the same arguments.
  func beginPage(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition, timeout: Milliseconds? = nil
  ) throws {
    begin(try path(of: collection) + query.text(full: true), condition, timeout: timeout)
  }

  /// Fetches a page of a collection's ids.
  ///
  /// - Parameters:
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - query: the records and the offset.
  ///   - condition: the condition of the request, `.unmodifiedSince` or none.
  /// - Returns: the ids, and the offset of the next page; `nil` on the last one.
  /// - Throws: `StorageError`.
  public func ids(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition = .none
  ) throws -> (ids: [String], nextOffset: String?) {
    let response = try get(try path(of: collection) + query.text(full: false), condition)
    let ids = try json(in: response, "a list of ids").array?.map(\.string)
    guard let ids, !ids.contains(nil) else { throw StorageError.unexpectedResponse(expected: "a list of ids") }
    let next = response.header("x-weave-next-offset").flatMap { $0.isEmpty ? nil : $0 }
    return (ids.compactMap { $0 }, next)
  }

  /// Whether a collection can have this name: 1 to 32 of `A-Z a-z 0-9 . _ -`, but not one or two dots, which would be
  /// treated as a step in the path.
  public static func isCollectionName(_ name: String) -> Bool {
    let isValid = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isValid && (1...32).contains(name.utf8.count) && name != "." && name != ".."
  }

  func path(of collection: String) throws -> String {
    guard Self.isCollectionName(collection) else { throw StorageError.invalidName }
    return "/storage/" + collection
  }

  func json(in response: HTTPResponse, _ expected: String) throws -> JSONValue {
    do {
      return try JSONValue(parsing: response.body)
    } catch {
      throw StorageError.unexpectedResponse(expected: expected)
    }
  }

  func object(in response: HTTPResponse, _ expected: String) throws -> JSONObject {
    guard let object = try json(in: response, expected).object else {
      throw StorageError.unexpectedResponse(expected: expected)
    }
    return object
  }

  func lastModified(of response: HTTPResponse) -> Timestamp? {
    response.header("x-last-modified").flatMap { Timestamp($0) }
  }
}
