import CSQLite

/// A vault's file, open but not unlocked.
public final class VaultFile {
  /// SQLite's name and version, for people.
  public static var libraryVersion: String { "SQLite " + String(cString: sqlite3_libversion()) }

  /// How a vault is opened.
  public enum Access: Sendable {
    /// To look things up.
    case reading
    /// To look things up and to change them.
    case writing
  }

  /// The directory that the file lies in.
  public let directory: VaultDirectory
  /// The vault's id: 16 random bytes, not secret.
  public let id: [UInt8]
  let connection: SQLiteConnection
  /// How it was opened.
  let access: Access
  /// The format that the file had when it was opened. One that is opened for writing is taken to the present format when
  /// it is unlocked.
  private let version: Int64

  /// A vault of format 1 that is opened for reading has none.
  var hasOutbox: Bool { version >= 2 || access == .writing }
  /// A vault of an older format that is opened for reading has none.
  var hasGitMemory: Bool { version >= 3 || access == .writing }

  /// Opens the vault in a directory after checking who may look into it.
  ///
  /// - Throws: `VaultError`.
  public init(in directory: VaultDirectory, access: Access) throws {
    try directory.check()
    self.directory = directory
    connection = try SQLiteConnection(
      path: directory.vaultFile, mode: access == .reading ? .readOnly : .readWrite)
    if access == .writing { try connection.run("PRAGMA synchronous=FULL") }
    self.access = access
    (id, version) = try VaultSchema.read(header: Self.header(connection))
  }

  /// Takes an older format to the present one. Nothing that is there is touched.
  ///
  /// Format 1 had no outbox, format 2 no memory of git's helper, which is sealed from the start, so the keys are needed.
  func upgrade(with keys: VaultKeys, random: some RandomSource) throws {
    guard access == .writing, version < VaultSchema.version else { return }
    try connection.run("BEGIN IMMEDIATE")
    do {
      try connection.run(VaultSchema.outboxTable)
      let documents = DocumentTable(connection: connection, keys: keys)
      for name in VaultSchema.documentNames where try !documents.has(name) {
        try documents.write(name, nil, random: random)
      }
      try connection.prepare("UPDATE header SET body=? WHERE id=1").run(binding: VaultSchema.header(id: id), at: 1)
      try connection.run("COMMIT")
    } catch {
      try? connection.run("ROLLBACK")
      throw error
    }
  }

  private static func header(_ connection: SQLiteConnection) throws -> [UInt8] {
    let statement = try connection.prepare("SELECT body FROM header WHERE id=1")
    guard try statement.step() else { throw VaultError.damaged(part: "header") }
    return statement.withBytes(0) { Array($0) }
  }

  /// The ways to the vault key, in the order of their numbers.
  ///
  /// - Throws: `VaultError.damaged` if there is none that can be read; a damaged one beside a good one is left
  ///   out.
  public func slots() throws -> [KeySlot] {
    let statement = try connection.prepare("SELECT id, body FROM slots ORDER BY id")
    var slots: [KeySlot] = []
    var damage: (any Error)?
    while try statement.step() {
      do {
        slots.append(try KeySlot(id: statement.integer(0), encoded: statement.withBytes(1) { Array($0) }))
      } catch {
        damage = error
      }
    }
    if slots.isEmpty { throw damage ?? VaultError.damaged(part: "key slots") }
    return slots
  }

  /// Unlocks the vault by a slot.
  ///
  /// - Parameters:
  ///   - slot: one of `slots()`.
  ///   - credential: the passphrase, the key file's content, or the command's line.
  /// - Returns: the unlocked vault.
  /// - Throws: `VaultError.wrongKey` if the credential is not the slot's.
  public func unlock(_ slot: KeySlot, with credential: SecretBytes) throws -> Vault {
    try unlock(with: VaultKeys(vaultKey: slot.unwrap(with: credential, vaultID: id)))
  }

  /// Unlocks the vault with keys that a session kept.
  ///
  /// - Throws: `VaultError.damaged` if the keys do not open the vault's index: they belong to the vault's id,
  ///   so the file is what has changed.
  public func unlock(with keys: VaultKeys) throws -> Vault {
    try Vault(file: self, keys: keys)
  }

  /// Runs `body` on one consistent state of the file, whatever other processes write meanwhile.
  func reading<Result>(_ body: () throws -> Result) throws -> Result {
    try connection.run("BEGIN")
    do {
      let result = try body()
      try connection.run("COMMIT")
      return result
    } catch {
      try? connection.run("ROLLBACK")
      throw error
    }
  }
}
