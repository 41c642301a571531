import Glibc

/// The table of sealed documents. The summary contains their names and tags.
final class DocumentTable {
  let connection: SQLiteConnection
  private let keys: VaultKeys
  private var select: SQLiteStatement?
  /// The summary last read and its row's bytes, which usually have not changed at the next read.
  private var lastSummary: (sealed: [UInt8], summary: VaultSummary)?

  init(connection: SQLiteConnection, keys: VaultKeys) {
    self.connection = connection
    self.keys = keys
  }

  /// Reads a document.
  ///
  /// - Returns: `nil` if it does not exist.
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func read(_ name: String, _ summary: VaultSummary) throws -> SecretBytes? {
    guard let tag = summary.documents[name] else { return nil }
    return try withSealed(name) { try keys.open($0, at: .init("documents", name: name), tag: tag) }
  }

  /// Reads the summary.
  ///
  /// - Throws: `VaultError.damaged` if it is missing or not intact.
  func summary() throws -> VaultSummary {
    try withSealed(VaultSummary.name) { sealed in
      if let lastSummary, lastSummary.sealed.withUnsafeBytes({ Self.isSame($0, sealed) }) { return lastSummary.summary }
      let text = try keys.open(sealed, at: .init("documents", name: VaultSummary.name))
      let summary = try VaultSummary(plaintext: text, vaultID: keys.vaultID)
      lastSummary = (Array(sealed), summary)
      return summary
    }
  }

  /// Writes a document.
  ///
  /// - Returns: the row's tag.
  func write(_ name: String, _ text: SecretBytes, random: some RandomSource) throws -> RowTag {
    let sealed = try keys.seal(text, at: .init("documents", name: name), random: random)
    let statement = try connection.prepare("INSERT OR REPLACE INTO documents(name, sealed) VALUES(?, ?)")
    try statement.bind(1, name)
    try statement.run(binding: sealed, at: 2)
    return RowTag(sealed: sealed)
  }

  /// Removes a document.
  func remove(_ name: String) throws {
    let statement = try connection.prepare("DELETE FROM documents WHERE name=?")
    try statement.bind(1, name)
    try statement.run()
  }

  private func withSealed<Result>(_ name: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let statement = try select ?? connection.prepare("SELECT sealed FROM documents WHERE name=?")
    select = statement
    try statement.bind(1, name)
    defer { statement.reset() }
    guard try statement.step() else { throw VaultError.damaged(part: "documents") }
    return try statement.withBytes(0, body)
  }

  private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count, let l = left.baseAddress, let r = right.baseAddress else { return false }
    return memcmp(l, r, left.count) == 0
  }
}
