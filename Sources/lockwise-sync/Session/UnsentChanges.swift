import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Changes of a vault that are not on the server yet, or not in the profile, and would be lost with it.
struct UnsentChanges {
  private let count: Int
  private let source: VaultSource

  /// - Returns: `nil` if there are none.
  /// - Throws: `VaultError`.
  init?(in vault: Vault, _ source: VaultSource) throws {
    self.source = source
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
    let changes = Quantity.of(count, "change")
    let verb = count == 1 ? "is" : "are"
    let (text, hint) =
      switch source {
      case .account: ("\(changes) in the vault \(verb) not on the server yet", "upload them: lockwise-sync push")
      case .profile:
        ("\(changes) made here \(verb) only in the vault", "export them for Firefox: lockwise-sync export --changed")
      }
    throw UserFacingError(text, hints: [hint, "or discard them: \(command)"], exitCode: .failure)
  }
}
