/// The vault file's tables and its header.
///
/// Every row that means anything is sealed; clear are only the header and the key slots, which carry a digest
/// of their own so that damage is not taken for a wrong passphrase.
enum VaultSchema {
  /// The format that this version reads and writes.
  static let version: Int64 = 3
  /// Added with version 2: changes that are not on the server yet.
  static let outboxTable = "CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);"

  static let tables = """
    CREATE TABLE header(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE slots(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE documents(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE buckets(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
    CREATE TABLE logins(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
    CREATE TABLE aside(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
    \(outboxTable)
    """

  /// The document that holds the index summary.
  static let indexDocument = "index"

  /// The names of all rows of the table `documents`; all of them exist from the start.
  static var documentNames: [String] { [indexDocument] + DocumentName.allCases.map(\.rawValue) }

  /// The header's bytes for a vault with this id (16 bytes).
  static func header(id: [UInt8]) throws -> [UInt8] {
    var writer = JSONObjectWriter()
    writer.member("format", "lockwise-vault")
    writer.member("version", version)
    writer.member("id", Hex.encode(id))
    return try withDigest(writer.finish())
  }

  /// Reads a header.
  ///
  /// - Returns: the vault's id, and the format's version, at most the one that this version writes.
  /// - Throws: `VaultError.newerFormat` or `VaultError.damaged`.
  static func read(header bytes: [UInt8]) throws -> (id: [UInt8], version: Int64) {
    let object = try checkedObject(bytes, part: "header")
    guard object["format"]?.string == "lockwise-vault", let found = object["version"]?.integer else {
      throw VaultError.damaged(part: "header")
    }
    guard (1...version).contains(found) else { throw VaultError.newerFormat(found: found, known: version) }
    guard let id = object["id"]?.string.flatMap({ Hex.decode($0) }), id.count == 16 else {
      throw VaultError.damaged(part: "header")
    }
    return (id, found)
  }

  /// A clear text with the SHA-256 digest of it in front.
  static func withDigest(_ text: SecretBytes) throws -> [UInt8] {
    try text.withUnsafeBytes { try SHA256.hash($0) + Array($0) }
  }

  /// The JSON object behind a digest.
  ///
  /// - Throws: `VaultError.damaged` naming `part` if the digest does not match.
  static func checkedObject(_ bytes: [UInt8], part: String) throws -> JSONObject {
    let text = Array(bytes.dropFirst(SHA256.byteCount))
    guard bytes.count > SHA256.byteCount, try SHA256.hash(text) == Array(bytes.prefix(SHA256.byteCount)),
      let object = (try? JSONValue(parsing: SecretBytes(copying: text)))?.object
    else { throw VaultError.damaged(part: part) }
    return object
  }
}
