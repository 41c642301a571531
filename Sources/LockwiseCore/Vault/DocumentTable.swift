import Glibc

/// The sealed documents and the summary, which contains their names and tags.
final class DocumentTable {
  private let table: SealedTable
  private let keys: VaultKeys
  /// The summary last read and its row's bytes, which usually have not changed at the next read.
  private var lastSummary: (sealed: [UInt8], summary: VaultSummary)?

  init(connection: SQLiteConnection, keys: VaultKeys) {
    table = SealedTable("documents", key: "name", connection: connection, keys: keys)
    self.keys = keys
  }

  /// Reads a document.
  ///
  /// - Returns: `nil` if it does not exist.
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func read(_ name: String, _ summary: VaultSummary) throws -> SecretBytes? {
    try summary.documents[name].map { try table.read(.name(name), $0) }
  }

  /// Writes a document; `nil` removes it.
  ///
  /// - Parameters:
  ///   - name: the document's name.
  ///   - text: its text.
  ///   - summary: receives the tag.
  ///   - random: the source of nonces.
  func write(_ name: String, _ text: SecretBytes?, _ summary: inout VaultSummary, random: some RandomSource) throws {
    if let text {
      summary.documents[name] = try table.write(text, .name(name), random: random)
    } else if summary.documents.removeValue(forKey: name) != nil {
      try table.remove(.name(name))
    }
  }

  /// Reads the summary.
  ///
  /// - Throws: `VaultError.damaged` if it is missing or not intact.
  func summary() throws -> VaultSummary {
    try table.withSealed(.name(VaultSummary.name)) { sealed in
      if let lastSummary, lastSummary.sealed.withUnsafeBytes({ Self.isSame($0, sealed) }) { return lastSummary.summary }
      let text = try keys.open(sealed, at: .init(table.name, .name(VaultSummary.name)))
      let summary = try VaultSummary(plaintext: text, vaultID: keys.vaultID)
      lastSummary = (Array(sealed), summary)
      return summary
    }
  }

  /// Writes the summary.
  func write(_ summary: VaultSummary, random: some RandomSource) throws {
    _ = try table.write(summary.plaintext(vaultID: keys.vaultID), .name(VaultSummary.name), random: random)
  }

  private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count, let l = left.baseAddress, let r = right.baseAddress else { return false }
    return memcmp(l, r, left.count) == 0
  }
}
