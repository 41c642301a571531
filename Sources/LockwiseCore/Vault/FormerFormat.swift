/// A vault file of format 1, 2 or the draft of format 3. None of them was released, and none is read.
enum FormerFormat {
  /// Returns the error for a file whose schema is that of a former format.
  ///
  /// - Parameter tables: how many tables it has; the seventh is the outbox, whose rows are counted without a key.
  /// - Throws: `VaultError` if the file cannot be read.
  static func error(_ connection: SQLiteConnection, tables: Int) throws -> VaultError {
    let header = try connection.prepare("SELECT body FROM header WHERE id=1")
    guard try header.step() else { return .damaged(part: "header") }
    let text = try VaultSchema.checkedText(header.withBytes(0) { Array($0) }, part: "header")
    header.reset()
    guard let object = (try? JSONValue(parsing: SecretBytes(copying: text)))?.object,
      object["format"]?.string == "lockwise-vault", let version = object["version"]?.integer
    else { return .damaged(part: "header") }
    guard tables > 6 else { return .olderFormat(found: version, unsent: 0) }
    let outbox = try connection.prepare("SELECT count(*) FROM outbox")
    guard try outbox.step() else { return .damaged(part: "outbox") }
    return .olderFormat(found: version, unsent: Int(clamping: outbox.integer(0)))
  }
}
