/// An error of the vault. No case contains anything secret.
public enum VaultError: Error, Equatable, Sendable {
  /// The directory has no vault.
  case missing(directory: String)
  /// The directory has a vault already.
  case exists(directory: String)
  /// The directory or a file in it belongs to another user, or others can read or write it.
  case insecure(path: String, reason: String)
  /// Others can change a folder above the vault's directory.
  case exposed(TrustedPath.Problem)
  /// The file was truncated or changed. It was left as it is.
  case damaged(part: String)
  /// A version from before the first release wrote the file. `unsent` is the number of changes in it that were not
  /// uploaded.
  case olderFormat(found: Int64, unsent: Int)
  /// A later version wrote the file.
  case newerFormat(found: Int64, known: Int64)
  /// Another process locked the file for too long.
  case busy
  /// The key is not available.
  case locked
  /// The passphrase or key opens no slot.
  case wrongKey
  /// A key file or a passphrase command did not give a usable key.
  case badKeySource(reason: String)
  /// The slot needs the output of a command, and the user's configuration has another command or none.
  case unlockCommandDiffers
  /// The vault has no slot with this number.
  case noSuchSlot(id: Int64)
  /// The change would leave the vault without slots.
  case lastSlot
  /// The vault has the maximum number of slots, or their total scrypt work would exceed the limit.
  case tooManySlots
  /// The disk is full; the change was not made.
  case diskFull
  /// The file or directory cannot be written; the change was not made.
  case readOnly
  /// The operating system refused.
  case system(operation: String, errno: Int32)
}
