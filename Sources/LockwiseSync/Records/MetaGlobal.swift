import LockwiseCore

/// The description of an account's storage and its engines: the payload of `meta/global` (Sync storage format 5,
/// "meta/global"), not encrypted.
struct MetaGlobal: Sendable {
  /// The payload as received, with unknown members.
  public let json: SecretBytes
  /// The generation of the whole storage; `nil` if missing or empty.
  let syncID: String?
  /// The storage format, 5 today; `nil` if missing.
  let storageVersion: Int64?
  /// The engines that are in use, by collection name.
  let engines: [String: Engine]
  /// The engines that the user turned off everywhere.
  let declined: [String]

  /// One engine's entry.
  struct Engine: Equatable, Sendable {
    /// The engine's format; `nil` if missing.
    let version: Int64?
    /// The engine's generation; `nil` if missing.
    let syncID: String?

    init(json value: JSONValue) {
      let object = value.object
      version = object?["version"].flatMap { MetaGlobal.version($0) }
      syncID = object?["syncID"]?.string
    }
  }

  /// Reads the payload of `meta/global`.
  ///
  /// - Parameter json: `{"syncID", "storageVersion", "engines": {name: {"version", "syncID"}}, "declined": []}`.
  /// - Throws: `Malformed` if it is not a JSON object.
  init(payload json: SecretBytes) throws {
    guard let object = (try? JSONValue(parsing: json))?.object else { throw Malformed() }
    self.json = json
    syncID = object["syncID"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    storageVersion = object["storageVersion"].flatMap { Self.version($0) }
    engines = Self.engines(object["engines"])
    declined = object["declined"]?.array?.compactMap(\.string) ?? []
  }

  /// Reads the engines of `meta/syncids`, where clients that may not write `meta/global` publish generations
  /// (Firefox 153, services-sync).
  ///
  /// - Parameters:
  ///   - json: `{"version": 1, "globalSyncID", "engines"}`.
  ///   - syncID: the required generation of the storage.
  /// - Returns: no engines if the record is of another version or generation, or no such record at all.
  static func enginesOfSyncIDs(payload json: SecretBytes, syncID: String) -> [String: Engine] {
    guard let object = (try? JSONValue(parsing: json))?.object, object["version"]?.integer == 1,
      object["globalSyncID"]?.string == syncID
    else { return [:] }
    return engines(object["engines"])
  }

  /// Very old clients wrote versions as strings; Firefox accepts both.
  private static func version(_ value: JSONValue) -> Int64? {
    value.integer ?? value.string.flatMap { Int64($0) }
  }

  private static func engines(_ value: JSONValue?) -> [String: Engine] {
    let members = value?.object?.members ?? []
    return Dictionary(members.map { ($0.name, Engine(json: $0.value)) }) { _, last in last }
  }

  /// The payload of `meta/global` is not a JSON object.
  struct Malformed: Error, Equatable {}
}
