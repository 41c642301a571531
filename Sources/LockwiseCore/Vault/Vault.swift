/// An unlocked vault.
public final class Vault {
  /// The vault's file.
  public let file: VaultFile
  package let keys: VaultKeys
  let random = SystemRandom()
  let documentTable: DocumentTable
  let bucketTable: BucketTable
  let loginTable: SealedTable

  init(file: VaultFile, keys: VaultKeys) throws {
    self.file = file
    self.keys = keys
    documentTable = DocumentTable(connection: file.connection, keys: keys)
    bucketTable = BucketTable(connection: file.connection, keys: keys)
    loginTable = SealedTable("logins", connection: file.connection, keys: keys)
    _ = try summary()
  }

  /// Returns the number of logins.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func loginCount() throws -> Int { try summary().logins }

  /// Returns the logins of an origin, in no particular order.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func logins(at origin: Origin) throws -> [LoginRecord] {
    try logins(keys.token(.origin, origin.serialized))
  }

  /// Returns the logins of a host with any scheme and port.
  ///
  /// - Parameter host: the host as in `Origin.host`.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func logins(atHost host: String) throws -> [LoginRecord] {
    try logins(keys.token(.host, host))
  }

  /// Returns the login with this GUID; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func login(guid: String) throws -> LoginRecord? {
    try logins(keys.token(.guid, guid)).first { $0.guid == guid }
  }

  /// Returns the logins with this own entry name (`LoginRecord.ownEntryName`).
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func logins(named name: String) throws -> [LoginRecord] {
    try logins(keys.token(.entryName, name))
  }

  /// Runs `body` in one read transaction: all of its look-ups see the same state of the vault, and share the cost of a
  /// transaction.
  ///
  /// - Throws: `VaultError` if the vault cannot be read; any error of `body`.
  package func reading<Result>(_ body: () throws -> Result) throws -> Result { try file.reading(body) }

  /// Calls `body` with each login.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read; any error of `body`.
  public func forEachLogin(_ body: (LoginRecord) throws -> Void) throws {
    try file.reading {
      let summary = try summary()
      let count = try loginTable.forEach(through: summary.nextLogin - 1, loginTags(summary)) {
        try body(LoginRow(plaintext: $1).record())
      }
      guard count == summary.logins else { throw VaultError.damaged(part: "logins") }
    }
  }

  /// Returns the tags of all logins by row.
  ///
  /// - Throws: `VaultError.damaged` if the index is not intact.
  func loginTags(_ summary: VaultSummary) throws -> [Int64: RowTag] {
    var tags: [Int64: RowTag] = [:]
    tags.reserveCapacity(summary.logins)
    for bucket in 0..<summary.layout.bucketCount {
      for entry in try bucketTable.read(bucket, summary) { tags[entry.login] = entry.tag }
    }
    guard tags.count == summary.logins else { throw VaultError.damaged(part: "index") }
    return tags
  }

  private func logins(_ token: LookupToken) throws -> [LoginRecord] {
    try file.reading {
      let summary = try summary()
      let entries = try bucketTable.read(token.bucket(bits: summary.layout.bits), summary)
      return try entries.filter { $0.token == token }.map { try loginTable.login(($0.login, $0.tag)) }
    }
  }

  func summary() throws -> VaultSummary { try documentTable.summary() }

  /// The keys as a session stores them.
  var session: SecretBytes { keys.session }
}

extension Vault: LoginMirror {
  /// Returns the decrypted document called `name`; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  public func document(_ name: DocumentName) throws -> SecretBytes? {
    try file.reading { try documentTable.read(name.text, summary()) }
  }

  /// Returns the names of all documents, sorted.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func documentNames() throws -> [DocumentName] { try summary().documentNames }

  /// Seals and stores the document called `name`; `nil` removes it. The change is durable when the call returns.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  public func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    let update = try VaultUpdate(vault: self)
    try update.setDocument(name, to: text)
    try update.commit()
  }

  /// Whether a reader found damage that is not repaired yet.
  public var isKnownToBeDamaged: Bool { file.directory.isKnownToBeDamaged }

  /// Begins a transaction.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  public func beginMirrorUpdate() throws -> any MirrorUpdate { try VaultUpdate(vault: self) }
}
