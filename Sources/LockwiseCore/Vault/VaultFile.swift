import CSQLite

/// A vault's file, open but not unlocked.
public final class VaultFile {
  /// SQLite's name and version, such as `SQLite 3.46.1`.
  public static var libraryVersion: String { "SQLite " + String(cString: sqlite3_libversion()) }

  /// The access for which a vault is opened.
  public enum Access: Sendable {
    /// Reading only.
    case reading
    /// Reading and writing.
    case writing
  }

  /// The directory of the file.
  public let directory: VaultDirectory
  /// The vault's id: 16 random bytes, not secret.
  public let id: [UInt8]
  let connection: SQLiteConnection
  /// The access for which the file was opened.
  let access: Access
  /// Whether a read transaction is open.
  private var isReading = false

  /// Opens the vault in a directory after checking owner and permissions.
  ///
  /// - Throws: `VaultError` if there is no vault, others have access to it, or it cannot be read.
  public init(in directory: VaultDirectory, access: Access) throws {
    try directory.check()
    self.directory = directory
    connection = try SQLiteConnection(
      path: directory.vaultFile, mode: access == .reading ? .readOnly : .readWrite)
    if access == .writing { try connection.run("PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON") }
    self.access = access
    try VaultSchema.check(connection)
    id = try VaultSchema.read(header: Self.header(connection))
  }

  private static func header(_ connection: SQLiteConnection) throws -> [UInt8] {
    let statement = try connection.prepare("SELECT body FROM header WHERE id=1")
    guard try statement.step() else { throw VaultError.damaged(part: "header") }
    return statement.withBytes(0) { Array($0) }
  }

  /// Returns the readable slots in the order of their numbers. They are not authenticated before unwrapping. Damaged
  /// slots are omitted, and so are those beyond the limits of number and scrypt work.
  ///
  /// - Throws: `VaultError.damaged` if no slot is readable.
  public func slots() throws -> [KeySlot] {
    let statement = try connection.prepare("SELECT id, body FROM slots ORDER BY id LIMIT \(KeySlot.maximumCount)")
    defer { statement.reset() }
    var slots: [KeySlot] = []
    var work: UInt64 = 0
    var damage: (any Error)?
    while try statement.step() {
      do {
        let slot = try KeySlot(id: statement.integer(0), encoded: statement.withBytes(1) { Array($0) })
        guard slot.work <= KeySlot.maximumTotalWork - work else {
          throw VaultError.damaged(part: "key slot \(slot.id)")
        }
        work += slot.work
        slots.append(slot)
      } catch {
        damage = error
      }
    }
    if slots.isEmpty { throw damage ?? VaultError.damaged(part: "key slots") }
    return slots
  }

  /// Unlocks the vault with a slot.
  ///
  /// - Parameters:
  ///   - slot: one of `slots()`.
  ///   - credential: the passphrase, the key file's content or the line that the command printed.
  /// - Returns: the unlocked vault.
  /// - Throws: `VaultError.wrongKey` if the credential is wrong; `VaultError.damaged` if the slot is not one of the
  ///   vault's present slots.
  public func unlock(_ slot: KeySlot, with credential: SecretBytes) throws -> Vault {
    let vaultKey = try slot.unwrap(with: credential, vaultID: id)
    let vault = try unlock(with: VaultKeys(vaultKey: vaultKey, vaultID: id))
    guard try vault.summary().slots[slot.id] == slot.tag else { throw VaultError.damaged(part: "key slot \(slot.id)") }
    return vault
  }

  /// Unlocks the vault with keys from a session.
  ///
  /// - Throws: `VaultError.damaged` if the keys do not open the vault's summary. The keys belong to the vault's id, so
  ///   the file has changed.
  public func unlock(with keys: VaultKeys) throws -> Vault {
    guard keys.vaultID == id else { throw VaultError.damaged(part: "header") }
    return try Vault(file: self, keys: keys)
  }

  /// Runs `body` in a read transaction, in which changes by other processes are not visible. Within another one `body`
  /// is part of that.
  func reading<Result>(_ body: () throws -> Result) throws -> Result {
    guard !isReading else { return try body() }
    try connection.run("BEGIN")
    isReading = true
    defer { isReading = false }
    do {
      let result = try body()
      try connection.run("COMMIT")
      return result
    } catch {
      try? connection.run("ROLLBACK")
      if case VaultError.damaged = error { directory.recordDamage() }
      throw error
    }
  }
}
