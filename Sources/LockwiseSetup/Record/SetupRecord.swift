import LockwiseCore

/// Everything that setup has changed and unsetup can undo.
package struct SetupRecord: Equatable, Sendable {
  /// The changes in the order in which they were made.
  package var changes: [SetupChange] = []
  /// The folders that were made for the record's own file, the outermost first.
  package var folders: [String] = []

  /// Makes an empty record.
  package init() {}
}

extension SetupRecord: StoredDocument {
  private static let version: Int64 = 1

  /// Reads or writes every member.
  package init(_ codec: inout DocumentCodec, _ stored: SetupRecord?) throws {
    guard try codec.required("version", stored.map { _ in Self.version }) == Self.version else {
      throw DocumentCodec.Malformed()
    }
    folders = codec.list("folders", stored?.folders)
    changes = try codec.required("changes", stored?.changes)
  }
}
