import LockwiseAccounts
import LockwiseCore

// The resources of Sync storage API 1.5, one function each. All of them throw `StorageError` and what the
// credentials' source, the vault and libcrypto throw.
extension StorageClient {
  /// When each collection was last written: the cheapest way to see whether anything changed.
  ///
  /// - Parameter time: the whole storage's time when it was last asked for.
  /// - Returns: `.unchanged` if nothing was written since; never `.absent`.
  /// - Throws: `StorageError`.
  public func collectionTimes(ifModifiedSince time: Timestamp? = nil) throws -> Fetched<CollectionTimes> {
    var response = try get("/info/collections", time.map { .modifiedSince($0) } ?? .none)
    if response.status == 304 {
      // A storage that was wiped or set back is older than the time given, so a server calls it unmodified.
      guard let actual = lastModified(of: response), actual != time else { return .unchanged }
      response = try get("/info/collections")
    }
    var collections: [String: Timestamp] = [:]
    for member in try object(in: response, "a list of collections").members {
      guard let time = Timestamp(json: member.value) else {
        throw StorageError.unexpectedAnswer(expected: "a list of collections")
      }
      collections[member.name] = time
    }
    return .found(CollectionTimes(collections: collections, lastModified: lastModified(of: response)))
  }

  /// How many records each collection holds, by name.
  ///
  /// - Throws: `StorageError`.
  public func collectionCounts() throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for member in try object(in: get("/info/collection_counts"), "a list of counts").members {
      counts[member.name] = member.value.integer
    }
    return counts
  }

  /// How much each collection holds, by name: kilobytes as the server wrote the number. Expensive for the server.
  ///
  /// - Throws: `StorageError`.
  public func collectionUsage() throws -> [String: String] {
    var usage: [String: String] = [:]
    for member in try object(in: get("/info/collection_usage"), "a list of sizes").members {
      usage[member.name] = member.value.number
    }
    return usage
  }

  /// How much is used and how much may be, kilobytes as the server wrote the numbers; `nil` for no limit.
  ///
  /// - Throws: `StorageError`.
  public func quota() throws -> (used: String, allowed: String?) {
    let response = try get("/info/quota")
    guard let pair = try json(in: response, "a quota").array, pair.count == 2, let used = pair[0].number
    else {
      throw StorageError.unexpectedAnswer(expected: "a quota")
    }
    return (used, pair[1].number)
  }

  /// The server's limits; the defaults if it is too old to say.
  ///
  /// - Throws: `StorageError`.
  public func configuration() throws -> StorageConfiguration {
    do {
      let response = try get("/info/configuration")
      guard let configuration = StorageConfiguration(json: try json(in: response, "a configuration")) else {
        throw StorageError.unexpectedAnswer(expected: "a configuration")
      }
      return configuration
    } catch StorageError.notFound {
      return .defaults
    }
  }

  /// One record.
  ///
  /// - Parameters:
  ///   - id: 1 to 64 printable ASCII characters.
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - condition: what to refuse it on.
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
      throw StorageError.unexpectedAnswer(expected: "the requested record")
    }
    return .found(record)
  }

  /// A page of a collection, whole records. A collection that does not exist is an empty page.
  ///
  /// - Parameters:
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - query: which records, and from which offset.
  ///   - condition: what to refuse it on.
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

  /// A page of a collection whose records are not read yet. See `records`.
  ///
  /// - Parameter timeout: how long it may take, milliseconds. Then nothing is repeated, and no credentials are fetched.
  /// - Throws: `StorageError`.
  func page(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition = .none, timeout: Int? = nil
  ) throws -> Fetched<UnreadPage> {
    let response = try get(try path(of: collection) + query.text(full: true), condition, timeout: timeout)
    if response.status == 304 { return .unchanged }
    // Without it a later `newer` would be a guess.
    guard let time = lastModified(of: response) else {
      throw StorageError.unexpectedAnswer(expected: "a response with X-Last-Modified")
    }
    let next = response.header("x-weave-next-offset").flatMap { $0.isEmpty ? nil : $0 }
    // The same offset again would never end.
    guard next == nil || next != query.offset else {
      throw StorageError.unexpectedAnswer(expected: "a page with a new offset")
    }
    return .found(
      UnreadPage(
        body: response.body, lastModified: time, nextOffset: next,
        announced: response.header("x-weave-records").flatMap { Int64($0) }))
  }

  /// Begins to fetch a page that `page` is going to be called for next, with the same arguments.
  func beginPage(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition, timeout: Int? = nil
  ) throws {
    begin(try path(of: collection) + query.text(full: true), condition, timeout: timeout)
  }

  /// The ids of a collection, a page of them.
  ///
  /// - Parameters:
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - query: which records, and from which offset.
  ///   - condition: what to refuse it on, `.unmodifiedSince` or nothing.
  /// - Returns: the ids, and the offset of the next page; `nil` on the last one.
  /// - Throws: `StorageError`.
  public func ids(
    in collection: String, _ query: StorageQuery, _ condition: StorageCondition = .none
  ) throws -> (ids: [String], nextOffset: String?) {
    let response = try get(try path(of: collection) + query.text(full: false), condition)
    let ids = try json(in: response, "a list of ids").array?.map(\.string)
    guard let ids, !ids.contains(nil) else { throw StorageError.unexpectedAnswer(expected: "a list of ids") }
    let next = response.header("x-weave-next-offset").flatMap { $0.isEmpty ? nil : $0 }
    return (ids.compactMap { $0 }, next)
  }

  /// Whether a collection can have this name: 1 to 32 of `A-Z a-z 0-9 . _ -`, but not a dot or two, which would be
  /// taken for a step in the path.
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
      throw StorageError.unexpectedAnswer(expected: expected)
    }
  }

  func object(in response: HTTPResponse, _ expected: String) throws -> JSONObject {
    guard let object = try json(in: response, expected).object else {
      throw StorageError.unexpectedAnswer(expected: expected)
    }
    return object
  }

  func lastModified(of response: HTTPResponse) -> Timestamp? {
    response.header("x-last-modified").flatMap { Timestamp($0) }
  }
}
