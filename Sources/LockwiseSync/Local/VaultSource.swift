import LockwiseAccounts
import LockwiseCore

/// Where the logins of a vault come from.
package enum VaultSource: Sendable {
  /// The Sync storage of an account.
  case account(SignedInAccount)
  /// A local profile.
  case profile(LocalSource)

  /// Loads the source of a vault; `nil` if it has none.
  ///
  /// - Throws: `DocumentError`, and the errors of the vault.
  package static func load(from documents: any SealedDocuments) throws -> VaultSource? {
    if let source = try LocalSource.load(from: documents) { return .profile(source) }
    return try SignedInAccount.load(from: documents).map { .account($0) }
  }

  /// Returns whether both are the same account, or the same profile.
  package func isSame(as other: VaultSource) -> Bool {
    switch (self, other) {
    case (.account(let account), .account(let other)): account.uid == other.uid
    case (.profile(let profile), .profile(let other)): profile.directory == other.directory
    case (.account, .profile), (.profile, .account): false
    }
  }
}
