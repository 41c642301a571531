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
  ///   - isUnlocked: whether the vault is unlocked all the same.
  static func explain(_ error: any Error, slots: [KeySlot], isUnlocked: Bool = false) -> any Error {
    guard case VaultError.badKeySource(let reason) = error else { return error }
    let lost = slots.filter { slot in
      guard case .keyFile(let path) = slot.source else { return false }
      return access(path, F_OK) != 0 && errno == ENOENT
    }
    guard
      let slot = lost.first(where: { slot in
        if case .keyFile(let path) = slot.source { reason.contains(path) } else { false }
      })
    else { return error }
    let remedy =
      if lost.count < slots.count {
        "remove its slot: lockwise-sync slots remove \(slot.id)"
      } else {
        (isUnlocked ? "upload your changes while the vault is unlocked (lockwise-sync push), " : "")
          + "delete the vault (lockwise-sync logout --force) and sign in again: Firefox still has the logins"
      }
    return UserFacingError(reason, hints: ["restore the file; if it is lost, " + remedy], exitCode: .locked)
  }
}
