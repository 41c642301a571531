import Glibc
import LockwiseCLI
import LockwiseCore

/// The advice for a vault whose key file is missing.
enum LostKeyFile {
  /// Returns the error with the advice if it is about a key file that does not exist, else the error unchanged.
  ///
  /// - Parameters:
  ///   - error: the error of unlocking a vault.
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
        "restore the file; if it is lost, delete the vault (lockwise-sync logout --force) and sign in again: Firefox "
          + "still has the logins"
      ], exitCode: .locked)
  }
}
