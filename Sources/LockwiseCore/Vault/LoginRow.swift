/// The plaintext of a login's row: the GUID and the record's original JSON.
struct LoginRow {
  /// A row's number and its present tag, which the index contains.
  typealias Position = (id: Int64, tag: RowTag)

  let guid: String
  let json: SecretBytes

  init(guid: String, json: SecretBytes) {
    self.guid = guid
    self.json = json
  }

  /// Reads a row's plaintext.
  ///
  /// - Throws: `VaultError.damaged` if it is too short or the GUID is not text.
  init(plaintext: SecretBytes) throws {
    let length = plaintext.withUnsafeBytes { $0.first.map(Int.init) } ?? 0
    guard length > 0, plaintext.count > length, let guid = plaintext[1..<1 + length].exposedText() else {
      throw VaultError.damaged(part: "logins")
    }
    self.init(guid: guid, json: plaintext[1 + length..<plaintext.count])
  }

  /// The row's plaintext.
  var plaintext: SecretBytes {
    var builder = SecretBuilder(capacity: 1 + guid.utf8.count + json.count)
    builder.append(UInt8(clamping: guid.utf8.count))
    builder.append(guid)
    builder.append(json)
    return builder.finish()
  }

  /// Returns the parsed record.
  ///
  /// - Throws: `VaultError.damaged` if it is not a valid login, because only valid logins are stored.
  func record() throws -> LoginRecord {
    do {
      return try LoginRecord(json: json, bsoID: guid)
    } catch {
      throw VaultError.damaged(part: "logins")
    }
  }
}

/// Reading and writing the table of logins.
extension SealedTable {
  /// Reads a login.
  ///
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func login(_ position: LoginRow.Position) throws -> LoginRecord {
    try LoginRow(plaintext: read(.number(position.id), position.tag)).record()
  }

  /// Writes a login.
  ///
  /// - Returns: the row's position.
  func write(_ login: LoginRecord, row: Int64, random: some RandomSource) throws -> LoginRow.Position {
    let text = LoginRow(guid: login.guid, json: login.json).plaintext
    return (row, try write(text, .number(row), random: random))
  }
}
