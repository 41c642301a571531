import LockwiseCore

/// The state of the last pull: the vault's document `sync-state`.
///
/// The document is a JSON object. Server times are hundredths of a second since 1970, local times are milliseconds
/// since 1970. Unknown values are omitted.
public struct SyncState: Sendable {
  /// The storage endpoint that the state belongs to.
  public var endpoint: String?
  /// The time of the last change of the whole storage.
  public var storageTime: Timestamp?
  /// The time of the last change of the collection `meta`.
  public var metaTime: Timestamp?
  /// The time of the last change of the collection `crypto`.
  public var cryptoTime: Timestamp?
  /// The time of the last change of the collection `passwords` that the vault's copy includes. `nil` means that
  /// everything has to be downloaded.
  public var passwordsTime: Timestamp?
  /// The generation of the storage (`meta/global`, `syncID`).
  public var globalSyncID: String?
  /// The generation of the passwords engine; `nil` if it has none.
  public var passwordsSyncID: String?
  /// The GUIDs of logins that Firefox regards as duplicates: it removes all but one without a tombstone.
  public var duplicates: [String] = []
  /// Whether the storage was set up again, or replaced, since the last full download: it has lost the tombstones, and
  /// its records may be older than the vault's copy.
  public var isServerNew = false
  /// The keys of the collections.
  public var keys: CollectionKeys?
  /// The server's limits.
  public var configuration: StorageConfiguration?
  /// The time when the limits were fetched, by this machine's clock.
  public var configurationFetched: Int64?
  /// The notices of the last successful pull.
  public var notices: [PullNotice] = []
  /// The time of the last successful pull, by this machine's clock.
  public var lastSuccess: Int64?
  /// The time of the last attempt, by this machine's clock.
  public var lastAttempt: Int64?
  /// The number of logins in the vault's copy.
  public var loginCount = 0
  /// The number of records set aside.
  public var setAsideCount = 0

  /// The storage that `init-storage` has begun to set up; `nil` once that is complete.
  var setup: Setup?

  /// The payloads of the two records that set up a storage.
  struct Setup: Sendable {
    let metaGlobal: SecretBytes
    let cryptoKeys: SecretBytes
  }

  /// An empty state.
  public init() {}

  /// Reads the document. Members of a wrong type are ignored, which costs requests, not data.
  ///
  /// - Parameter document: the text of the vault's document `sync-state`.
  /// - Throws: `JSONError` if it is not JSON.
  public init(document: SecretBytes) throws {
    guard let object = try JSONValue(parsing: document).object else { return }
    func time(_ name: String) -> Timestamp? {
      object[name]?.integer.map { Timestamp(hundredths: $0) }
    }
    endpoint = object["endpoint"]?.string
    storageTime = time("storageTime")
    metaTime = time("metaTime")
    cryptoTime = time("cryptoTime")
    passwordsTime = time("passwordsTime")
    globalSyncID = object["globalSyncID"]?.string
    passwordsSyncID = object["passwordsSyncID"]?.string
    isServerNew = object["serverIsNew"]?.bool ?? false
    duplicates = object["duplicates"]?.array?.compactMap(\.string) ?? []
    keys = object["keys"].flatMap { try? CollectionKeys(cleartext: $0.raw) }
    configuration = object["configuration"].flatMap { StorageConfiguration(json: $0) }
    configurationFetched = object["configurationFetched"]?.integer
    if let global = object["setupGlobal"]?.secret, let keys = object["setupKeys"]?.secret {
      setup = Setup(metaGlobal: global, cryptoKeys: keys)
    }
    notices = object["notices"]?.array?.compactMap { $0.string.flatMap { PullNotice(rawValue: $0) } } ?? []
    lastSuccess = object["lastSuccess"]?.integer
    lastAttempt = object["lastAttempt"]?.integer
    loginCount = object["logins"]?.integer.map { Int($0) } ?? 0
    setAsideCount = object["setAside"]?.integer.map { Int($0) } ?? 0
  }

  /// The text of the document.
  public func document() -> SecretBytes {
    var writer = JSONObjectWriter()
    func add(_ name: String, _ value: Int64?) {
      if let value { writer.member(name, value) }
    }
    func add(_ name: String, _ value: String?) {
      if let value { writer.member(name, value) }
    }
    add("endpoint", endpoint)
    add("storageTime", storageTime?.hundredths)
    add("metaTime", metaTime?.hundredths)
    add("cryptoTime", cryptoTime?.hundredths)
    add("passwordsTime", passwordsTime?.hundredths)
    add("globalSyncID", globalSyncID)
    add("passwordsSyncID", passwordsSyncID)
    if isServerNew { writer.member("serverIsNew", true) }
    writer.member("duplicates", jsonArray: duplicates.map { JSONText.string(SecretBytes(utf8: $0)) })
    if let keys { writer.member("keys", json: keys.json) }
    if let configuration { writer.member("configuration", json: configuration.json) }
    add("configurationFetched", configurationFetched)
    if let setup {
      writer.member("setupGlobal", secret: setup.metaGlobal)
      writer.member("setupKeys", secret: setup.cryptoKeys)
    }
    writer.member("notices", jsonArray: notices.map { SecretBytes(utf8: "\"\($0.rawValue)\"") })
    add("lastSuccess", lastSuccess)
    add("lastAttempt", lastAttempt)
    writer.member("logins", Int64(loginCount))
    writer.member("setAside", Int64(setAsideCount))
    return writer.finish()
  }

  /// Returns the state without everything that is specific to an endpoint.
  func forgettingServer() -> SyncState {
    var kept = SyncState()
    kept.setup = setup
    kept.isServerNew = isServerNew || endpoint != nil
    kept.notices = notices
    kept.lastSuccess = lastSuccess
    kept.lastAttempt = lastAttempt
    kept.loginCount = loginCount
    kept.setAsideCount = setAsideCount
    return kept
  }
}

extension SealedDocuments {
  /// Returns the vault's sync state. An unreadable one is ignored: the next pull downloads everything.
  ///
  /// - Throws: `VaultError` if the document cannot be read.
  public func syncState() throws -> SyncState {
    try document(.syncState).flatMap { try? SyncState(document: $0) } ?? SyncState()
  }
}
