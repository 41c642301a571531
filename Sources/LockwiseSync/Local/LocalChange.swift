import LockwiseCore

/// A change of a login that only the vault has.
package struct LocalChange: Equatable, Sendable {
  /// The kind of a change.
  package enum Kind: String, Sendable {
    /// A login that the source of the vault's logins does not have.
    case new
    /// A login with other values than in the source.
    case changed
    /// A login that the source still has.
    case deleted
  }

  /// The login's GUID.
  package let guid: String
  /// The login's entry name as it is shown.
  package let name: String
  /// The kind of the change.
  package let kind: Kind
}

extension Vault {
  /// Returns the changes that only the vault has, in the order of each login's first change.
  ///
  /// - Throws: `VaultError` if the vault cannot be read.
  package func localChanges() throws -> [LocalChange] {
    try outbox().map { entry in
      let known = entry.base.flatMap { try? LoginRecord(json: $0, bsoID: entry.guid) }
      let login = try login(guid: entry.guid) ?? known
      let kind: LocalChange.Kind = entry.isDeletion ? .deleted : known == nil ? .new : .changed
      return LocalChange(guid: entry.guid, name: login.map { EntryName(of: $0).shown } ?? entry.guid, kind: kind)
    }
  }
}
