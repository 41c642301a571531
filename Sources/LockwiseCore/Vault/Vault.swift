/// An unlocked vault.
public final class Vault {
  /// The vault's file.
  public let file: VaultFile
  package let keys: VaultKeys
  let random = SystemRandom()
  let documentTable: DocumentTable
  let bucketTable: BucketTable
  let loginTable: LoginTable

  init(file: VaultFile, keys: VaultKeys) throws {
    self.file = file
    self.keys = keys
    documentTable = DocumentTable(connection: file.connection, keys: keys)
    bucketTable = BucketTable(connection: file.connection, keys: keys)
    loginTable = LoginTable(connection: file.connection, keys: keys)
    _ = try summary()
  }

  /// How many logins the vault holds.
  ///
  /// - Throws: `VaultError` if the index cannot be read.
  public func loginCount() throws -> Int { try summary().logins }

  /// The logins saved for an origin, in no particular order.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func logins(at origin: Origin) throws -> [LoginRecord] {
    try logins(keys.token(.origin, origin.serialized))
  }

  /// The logins saved for a host, whatever their scheme and port.
  ///
  /// - Parameter host: as `Origin.host` has it.
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func logins(atHost host: String) throws -> [LoginRecord] {
    try logins(keys.token(.host, host))
  }

  /// The login with this GUID; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func login(guid: String) throws -> LoginRecord? {
    try logins(keys.token(.guid, guid)).first { $0.guid == guid }
  }

  /// The logins whose own entry name (`LoginRecord.ownEntryName`) this is.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func logins(named name: String) throws -> [LoginRecord] {
    try logins(keys.token(.entryName, name))
  }

  /// Calls `body` with every login, one at a time.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside; what `body` throws.
  public func forEachLogin(_ body: (LoginRecord) throws -> Void) throws {
    try file.reading {
      let summary = try summary()
      var tags: [Int64: RowTag] = [:]
      tags.reserveCapacity(summary.logins)
      for bucket in 0..<summary.layout.bucketCount {
        for entry in try bucketTable.read(bucket, summary) { tags[entry.login] = entry.tag }
      }
      guard tags.count == summary.logins else { throw VaultError.damaged(part: "index") }
      let count = try loginTable.forEach(below: summary.nextLogin, tags) { try body($0.record()) }
      guard count == summary.logins else { throw VaultError.damaged(part: "logins") }
    }
  }

  private func logins(_ token: LookupToken) throws -> [LoginRecord] {
    try file.reading {
      let summary = try summary()
      let entries = try bucketTable.read(token.bucket(bits: summary.layout.bits), summary)
      return try entries.filter { $0.token == token }.map { try loginTable.read($0.login, $0.tag).record() }
    }
  }

  func summary() throws -> VaultSummary { try documentTable.summary() }

  /// The keys for a session.
  var session: SecretBytes { keys.session }
}

extension Vault: LoginMirror {
  /// The document called `name`, decrypted; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  public func document(_ name: DocumentName) throws -> SecretBytes? {
    try file.reading { try documentTable.read(name.text, summary()) }
  }

  /// The names of the documents that exist, in order.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func documentNames() throws -> [DocumentName] { try summary().documentNames }

  /// Seals and stores a document, durable when it returns; `nil` removes it.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  public func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    let update = try VaultUpdate(vault: self)
    try update.setDocument(name, to: text)
    try update.commit()
  }

  /// Whether a reader met damage that no repair has mended yet.
  public var isKnownToBeDamaged: Bool { file.directory.isKnownToBeDamaged }

  /// Starts a change of the copy of the server's logins.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  public func beginMirrorUpdate() throws -> any MirrorUpdate { try VaultUpdate(vault: self) }
}
