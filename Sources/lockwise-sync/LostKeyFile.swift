import Glibc
import LockwiseCore

/// What to do when the file that unlocks a vault is gone.
enum LostKeyFile {
  /// The same error with the advice, if it is about a key file that does not exist.
  ///
  /// - Parameters:
  ///   - error: why a vault could not be unlocked.
  ///   - slots: the vault's slots.
  static func explain(_ error: any Error, slots: [KeySlot]) -> any Error {
    guard case VaultError.badKeySource(let reason) = error else { return error }
    let lost = slots.contains { slot in
      guard case .keyFile(let path) = slot.source, reason.contains(path) else { return false }
      return access(path, F_OK) != 0 && errno == ENOENT
    }
    guard lost else { return error }
    return UserFacingError(
      reason,
      hints: [
        "put the file back; if it is lost, give the vault up (lockwise-sync logout --force) and sign in again: the "
          + "logins are still in Firefox"
      ], exitCode: .locked)
  }
}
