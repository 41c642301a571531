import LockwiseCore

/// Sets up the storage of an account that never synced, like Firefox (Sync storage format 5).
public struct StorageSetup {
  /// A refusal to set up the storage.
  enum Refusal: Error, Equatable, Sendable {
    /// The storage is not empty; the names of its collections.
    case notEmpty(collections: [String])
    /// Another client began to set it up at the same time.
    case begunElsewhere
  }

  /// The engines of Firefox with their versions (Firefox ESR 153). Firefox deletes the collection of an engine that
  /// `meta/global` does not name, so each is named.
  static let engines: [(name: String, version: Int64)] = [
    ("addons", 1), ("bookmarks", 2), ("clients", 1), ("extension-storage", 1), ("forms", 1), ("history", 1),
    ("passwords", 1), ("prefs", 2), ("tabs", 1),
  ]

  private let client: StorageClient
  private let syncKey: SyncKeyBundle
  private let random: any RandomSource
  private let documents: any SealedDocuments

  /// Creates a set-up; nothing is sent.
  ///
  /// - Parameters:
  ///   - client: the account's storage.
  ///   - syncKey: the account's Sync key.
  ///   - random: the source of ids and keys.
  ///   - documents: the vault, which stores a set-up until it is complete.
  public init(client: StorageClient, syncKey: SyncKeyBundle, random: any RandomSource, documents: any SealedDocuments) {
    self.client = client
    self.syncKey = syncKey
    self.random = random
    self.documents = documents
  }

  /// Writes `meta/global` and `crypto/keys`, if there is nothing at all, or only what an interrupted set-up of this vault
  /// left.
  ///
  /// - Parameter found: the collections that the server has just reported.
  /// - Throws: `Refusal`; `StorageError`; `CryptoError`; `VaultError`.
  public func run(found: CollectionTimes) throws {
    let names = found.collections.keys.sorted()
    var state = try documents.syncState()
    guard names.isEmpty || state.setup != nil else { throw Refusal.notEmpty(collections: names) }
    let draft: SyncState.Setup
    if let begun = state.setup {
      draft = begun
    } else {
      draft = SyncState.Setup(
        metaGlobal: try metaGlobal(),
        cryptoKeys: try RecordCipher.encrypt(collectionKeys(), with: syncKey, random: random))
      // Stored before anything is sent, to recognise it on the server later.
      try keep(draft, in: &state)
    }
    do {
      let isBegun = try isWritten(draft.metaGlobal, id: "global", in: "meta", names)
      let isComplete = try isWritten(draft.cryptoKeys, id: "keys", in: "crypto", names)
      // Keys are never written where another client has begun to store data.
      guard isComplete || Set(names).isSubset(of: ["meta", "crypto"]) else {
        throw Refusal.notEmpty(collections: names)
      }
      if !isBegun { try put(draft.metaGlobal, id: "global", in: "meta") }
      if !isComplete { try put(draft.cryptoKeys, id: "keys", in: "crypto") }
    } catch let refusal as Refusal {
      try keep(nil, in: &state)
      throw refusal
    } catch StorageError.preconditionFailed {
      throw Refusal.begunElsewhere
    }
    try keep(nil, in: &state)
  }

  private func keep(_ draft: SyncState.Setup?, in state: inout SyncState) throws {
    state.setup = draft
    try documents.setDocument(.syncState, to: state.text)
  }

  /// Returns whether the server has the record.
  ///
  /// - Parameter names: the existing collections.
  /// - Throws: `Refusal.notEmpty` if it has another one; `StorageError`.
  private func isWritten(_ payload: SecretBytes, id: String, in collection: String, _ names: [String]) throws -> Bool {
    guard names.contains(collection), let record = try client.record(id, in: collection).value else { return false }
    guard record.payload == payload else { throw Refusal.notEmpty(collections: names) }
    return true
  }

  private func put(_ payload: SecretBytes, id: String, in collection: String) throws {
    var body = JSONObjectWriter()
    body.member("payload", secret: payload)
    try client.put(body.finish(), id: id, in: collection, unmodifiedSince: Timestamp(hundredths: 0))
  }

  private func metaGlobal() throws -> SecretBytes {
    var engines = JSONObjectWriter()
    for engine in Self.engines {
      var entry = JSONObjectWriter()
      entry.member("version", engine.version)
      entry.member("syncID", try SyncID.make(random))
      engines.member(engine.name, json: entry.finish())
    }
    var writer = JSONObjectWriter()
    writer.member("syncID", try SyncID.make(random))
    writer.member("storageVersion", 5)
    writer.member("engines", json: engines.finish())
    writer.member("declined", jsonArray: [])
    return writer.finish()
  }

  private func collectionKeys() throws -> SecretBytes {
    let keys = try (0..<2).map { _ in JSONText.string(Base64.standard.encode(try random.secret(32))) }
    var writer = JSONObjectWriter()
    writer.member("id", "keys")
    writer.member("collection", "crypto")
    writer.member("default", jsonArray: keys)
    writer.member("collections", json: SecretBytes(utf8: "{}"))
    return writer.finish()
  }
}

extension StorageSetup.Refusal: UserFacingErrorConvertible {
  /// The error as a program shows it.
  var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .notEmpty(let collections):
      "the account already has Sync data: \(collections.joined(separator: ", ")); nothing was changed"
    case .begunElsewhere: "another client is setting up Sync for this account"
    }
  }

  private var hint: String? {
    switch self {
    case .notEmpty: "fetch the existing data: lockwise-sync pull"
    case .begunElsewhere: "let it finish, then: lockwise-sync pull"
    }
  }

  private var exitCode: ExitCode { .serverState }
}

/// Ids in Firefox's form for generations and for records other than logins: 12 characters of base64url (RFC 4648
/// section 5).
public enum SyncID {
  /// Creates an id.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  public static func make(_ random: any RandomSource) throws -> String {
    Base64.urlSafe.encode(try random.bytes(9))
  }
}
