import LockwiseCLI
import LockwiseCore

/// Changes of a vault that are not on the server yet, and would be lost with it.
struct UnsentChanges {
  private let count: Int

  /// - Returns: `nil` if there are none.
  /// - Throws: `VaultError`.
  init?(in vault: Vault) throws {
    count = try vault.outboxCount()
    if count == 0 { return nil }
  }

  /// Refuses to discard them.
  ///
  /// - Parameters:
  ///   - isForced: whether the user requested it.
  ///   - command: the command that forces it.
  /// - Throws: `UserFacingError`.
  func refuse(unless isForced: Bool, _ command: String) throws {
    guard !isForced else { return }
    throw UserFacingError(
      "\(Quantity.of(count, "change")) in the vault \(count == 1 ? "is" : "are") not on the server yet",
      hints: ["upload them: lockwise-sync push", "or discard them: \(command)"], exitCode: .failure)
  }
}
