import LockwiseCore

/// The state of the last pull: the vault's document `sync-state`.
///
/// The document is a JSON object. Server times are hundredths of a second since 1970, local times are milliseconds
/// since 1970. Unknown values are omitted.
public struct SyncState: Sendable {
  /// The storage endpoint that the state belongs to.
  public var endpoint: String?
  /// The time of the last change of the whole storage.
  var storageTime: Timestamp?
  /// The time of the last change of the collection `meta`.
  var metaTime: Timestamp?
  /// The time of the last change of the collection `crypto`.
  var cryptoTime: Timestamp?
  /// The time of the last change of the collection `passwords` that the vault's copy includes. `nil` means that
  /// everything has to be downloaded.
  public var passwordsTime: Timestamp?
  /// The generation of the storage (`meta/global`, `syncID`).
  var globalSyncID: String?
  /// The generation of the passwords engine; `nil` if it has none.
  public var passwordsSyncID: String?
  /// The GUIDs of logins that Firefox regards as duplicates: it removes all but one without a tombstone.
  var duplicates: [String] = []
  /// Whether the storage was set up again, or replaced, since the last full download: it has lost the tombstones, and
  /// its records may be older than the vault's copy.
  var isServerNew = false
  /// The keys of the collections.
  var keys: CollectionKeys?
  /// The server's limits.
  public var configuration: StorageConfiguration?
  /// The time when the limits were fetched, by this machine's clock.
  var configurationFetched: Milliseconds?
  /// The notices of the last successful pull.
  public var notices: [PullNotice] = []
  /// The time of the last successful pull, by this machine's clock.
  public var lastSuccess: Milliseconds?
  /// The time of the last attempt, by this machine's clock.
  public var lastAttempt: Milliseconds?
  /// The number of logins in the vault's copy.
  var loginCount = 0
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
  init() {}

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

/// Members of a wrong type are ignored, which costs requests, not data.
extension SyncState: StoredDocument {
  package static let ignoresInvalidMembers = true

  package init(_ codec: inout DocumentCodec, _ stored: SyncState?) throws {
    endpoint = try codec.optional("endpoint", stored?.endpoint)
    storageTime = try codec.optional("storageTime", stored?.storageTime)
    metaTime = try codec.optional("metaTime", stored?.metaTime)
    cryptoTime = try codec.optional("cryptoTime", stored?.cryptoTime)
    passwordsTime = try codec.optional("passwordsTime", stored?.passwordsTime)
    globalSyncID = try codec.optional("globalSyncID", stored?.globalSyncID)
    passwordsSyncID = try codec.optional("passwordsSyncID", stored?.passwordsSyncID)
    isServerNew = try codec.optional("serverIsNew", stored?.isServerNew == true ? true : nil) ?? false
    duplicates = codec.list("duplicates", stored?.duplicates)
    keys = try codec.optional("keys", stored?.keys)
    configuration = try codec.optional("configuration", stored?.configuration)
    configurationFetched = try codec.optional("configurationFetched", stored?.configurationFetched)
    let global = try codec.optional("setupGlobal", stored?.setup?.metaGlobal)
    let keys = try codec.optional("setupKeys", stored?.setup?.cryptoKeys)
    if let global, let keys { setup = Setup(metaGlobal: global, cryptoKeys: keys) }
    notices = codec.list("notices", stored?.notices.map(\.rawValue)).compactMap { PullNotice(rawValue: $0) }
    lastSuccess = try codec.optional("lastSuccess", stored?.lastSuccess)
    lastAttempt = try codec.optional("lastAttempt", stored?.lastAttempt)
    loginCount = try codec.optional("logins", stored?.loginCount) ?? 0
    setAsideCount = try codec.optional("setAside", stored?.setAsideCount) ?? 0
  }
}

extension Timestamp: DocumentValue {
  package init?(stored value: JSONValue) {
    guard let hundredths = value.integer else { return nil }
    self.init(hundredths: hundredths)
  }

  package var json: SecretBytes { hundredths.json }
}

extension CollectionKeys: DocumentValue {
  package init?(stored value: JSONValue) {
    guard let keys = try? CollectionKeys(cleartext: value.raw) else { return nil }
    self = keys
  }
}

extension SealedDocuments {
  /// Returns the vault's sync state. An unreadable one is ignored: the next pull downloads everything.
  ///
  /// - Throws: `VaultError` if the document cannot be read.
  public func syncState() throws -> SyncState {
    try document(.syncState).flatMap { SyncState(text: $0) } ?? SyncState()
  }
}
