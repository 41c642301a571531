/// An unlocked vault.
public final class Vault {
  /// The vault's file.
  public let file: VaultFile
  let keys: VaultKeys
  let random = SystemRandom()

  init(file: VaultFile, keys: VaultKeys) throws {
    self.file = file
    self.keys = keys
    _ = try summary()
    try file.upgrade(with: keys, random: random)
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

  /// Calls `body` with every login, one at a time.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside; what `body` throws.
  public func forEachLogin(_ body: (LoginRecord) throws -> Void) throws {
    try file.reading {
      let expected = try summary().logins
      let statement = try file.connection.prepare("SELECT id, sealed FROM logins ORDER BY id")
      var count = 0
      while try statement.step() {
        let row = statement.integer(0)
        try body(try statement.withBytes(1) { try LoginRow(sealed: $0, row: row, keys: keys) }.record())
        count += 1
      }
      guard count == expected else { throw VaultError.damaged(part: "logins") }
    }
  }

  /// The records that were set aside because they are no logins.
  ///
  /// - Throws: `VaultError` if the vault was changed from outside.
  public func setAsideRecords() throws -> [SetAsideRecord] {
    try AsideTable(connection: file.connection, keys: keys).all().map(\.record)
  }

  private func logins(_ token: LookupToken) throws -> [LoginRecord] {
    try file.reading {
      let bucket = token.bucket(bits: try summary().bits)
      let entries = try BucketTable(connection: file.connection, keys: keys).read(bucket)
      let rows = entries.filter { $0.token == token }.map(\.login)
      guard !rows.isEmpty else { return [] }
      let table = try LoginTable(connection: file.connection, keys: keys)
      return try rows.map { try table.read($0).record() }
    }
  }

  func summary() throws -> VaultIndex.Summary {
    guard let text = try sealedDocument(VaultSchema.indexDocument) else {
      throw VaultError.damaged(part: "index")
    }
    return try VaultIndex.Summary(document: text)
  }

  func sealedDocument(_ name: String) throws -> SecretBytes? {
    try DocumentTable(connection: file.connection, keys: keys).read(name)
  }

  /// The keys for a session.
  var session: SecretBytes { keys.session }
}

extension Vault: LoginMirror {
  /// The document called `name`, decrypted; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  public func document(_ name: DocumentName) throws -> SecretBytes? {
    if name == .gitMemory, try !file.hasGitMemory || !summary().hasGitMemory { return nil }
    return try sealedDocument(name.rawValue)
  }

  /// Seals and stores a document, durable when it returns; `nil` removes it.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  public func setDocument(_ name: DocumentName, to text: SecretBytes?) throws {
    if name == .gitMemory {
      // The index tells whether there is one.
      let update = try VaultUpdate(vault: self)
      try update.setDocument(name, to: text)
      return try update.commit()
    }
    try DocumentTable(connection: file.connection, keys: keys).write(name.rawValue, text, random: random)
  }

  /// Starts a change of the copy of the server's logins.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  public func beginMirrorUpdate() throws -> any MirrorUpdate { try VaultUpdate(vault: self) }
}
