/// The vault file's tables and its header.
///
/// Only the header and the text of the key slots are in clear. Each begins with a digest that distinguishes damage from
/// a wrong passphrase. All other rows are sealed.
enum VaultSchema {
  /// The format that this version reads and writes.
  static let version: Int64 = 3

  /// A table: its name and its text in `sqlite_schema`.
  struct Table {
    let name: StaticString
    let sql: StaticString
  }

  /// The tables in the order in which they are created.
  static let tables = [
    Table(name: "header", sql: "CREATE TABLE header(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"),
    Table(name: "slots", sql: "CREATE TABLE slots(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"),
    Table(
      name: "documents", sql: "CREATE TABLE documents(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID"),
    Table(name: "buckets", sql: "CREATE TABLE buckets(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"),
    Table(name: "logins", sql: "CREATE TABLE logins(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"),
    Table(name: "aside", sql: "CREATE TABLE aside(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"),
    Table(name: "outbox", sql: "CREATE TABLE outbox(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"),
    Table(name: "deleted", sql: "CREATE TABLE deleted(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"),
  ]

  /// The statements that create the tables and store the format's number in `user_version`.
  static var creation: String {
    tables.map { "\($0.sql);" }.joined() + "PRAGMA user_version=\(version)"
  }

  /// The number of tables in the formats that were never released: 1, then 2 and the draft of 3.
  private static let formerTableCounts = [6, 7]

  /// Compares the file's schema with the expected one before any other statement uses it.
  ///
  /// - Throws: `VaultError.olderFormat`, `VaultError.newerFormat`, or `VaultError.damaged` for any other schema.
  static func check(_ connection: SQLiteConnection) throws {
    let statement = try connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    var count = 0
    var isKnown = true
    while isKnown, try statement.step() {
      isKnown =
        count < tables.count && statement.isText(0, "table") && statement.isText(1, tables[count].name)
        && statement.isText(2, tables[count].name) && statement.isText(3, tables[count].sql)
      count += 1
    }
    statement.reset()
    if isKnown, count == tables.count { return }
    let version = try connection.prepare("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    if found > Self.version { throw VaultError.newerFormat(found: found, known: Self.version) }
    if isKnown, found == 0, formerTableCounts.contains(count) {
      throw try FormerFormat.error(connection, tables: count)
    }
    throw VaultError.damaged(part: "schema")
  }

  /// Returns the header for a vault with this id, 16 bytes.
  static func header(id: [UInt8]) throws -> [UInt8] {
    try VaultHeader(version: version, id: id).text.withUnsafeBytes { try withDigest(Array($0)) }
  }

  /// Reads a header.
  ///
  /// - Returns: the vault's id.
  /// - Throws: `VaultError.newerFormat` or `VaultError.damaged`.
  static func read(header bytes: [UInt8]) throws -> [UInt8] {
    let header = try VaultHeader(bytes)
    guard header.version <= version else { throw VaultError.newerFormat(found: header.version, known: version) }
    guard header.version == version, let id = header.id, id.count == VaultKeys.vaultIDByteCount else {
      throw VaultError.damaged(part: "header")
    }
    return id
  }

  /// Returns a clear text after its SHA-256 digest.
  static func withDigest(_ text: [UInt8]) throws -> [UInt8] { try SHA256.hash(text) + text }

  /// Returns the clear text that follows a digest.
  ///
  /// - Throws: `VaultError.damaged` naming `part` if the digest does not match.
  static func checkedText(_ bytes: [UInt8], part: String) throws -> [UInt8] {
    let text = Array(bytes.dropFirst(SHA256.byteCount))
    guard bytes.count > SHA256.byteCount, try SHA256.hash(text) == Array(bytes.prefix(SHA256.byteCount)) else {
      throw VaultError.damaged(part: part)
    }
    return text
  }
}

/// The header's text. The id may be missing, because other formats may not have it.
private struct VaultHeader: StoredDocument {
  static let ignoresInvalidMembers = true
  private static let format = "lockwise-vault"

  let version: Int64
  let id: [UInt8]?

  init(version: Int64, id: [UInt8]) {
    self.version = version
    self.id = id
  }

  init(_ codec: inout DocumentCodec, _ stored: VaultHeader?) throws {
    guard try codec.required("format", Self.format) == Self.format else { throw DocumentCodec.Malformed() }
    version = try codec.required("version", stored?.version)
    id = try codec.optional("id", stored?.id.map { HexBytes($0) })?.bytes
  }

  /// Reads a header.
  ///
  /// - Throws: `VaultError.damaged`.
  init(_ bytes: [UInt8]) throws {
    let text = try VaultSchema.checkedText(bytes, part: "header")
    guard let header = VaultHeader(text: SecretBytes(copying: text)) else { throw VaultError.damaged(part: "header") }
    self = header
  }
}

/// Vault files of format 1, 2 and the draft of format 3. They were never released and are not read.
enum FormerFormat {
  /// Returns the error for a file with the schema of a former format.
  ///
  /// - Parameter tables: the number of its tables. The seventh is the outbox, whose rows can be counted without a key.
  /// - Throws: `VaultError` if the file cannot be read.
  static func error(_ connection: SQLiteConnection, tables: Int) throws -> VaultError {
    let header = try connection.prepare("SELECT body FROM header WHERE id=1")
    guard try header.step() else { return .damaged(part: "header") }
    let version = try VaultHeader(header.withBytes(0) { Array($0) }).version
    header.reset()
    guard tables > 6 else { return .olderFormat(found: version, unsent: 0) }
    let outbox = try connection.prepare("SELECT count(*) FROM outbox")
    guard try outbox.step() else { return .damaged(part: "outbox") }
    return .olderFormat(found: version, unsent: Int(clamping: outbox.integer(0)))
  }
}
