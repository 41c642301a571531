/// What can be wrong with the vault. No case holds anything that the vault keeps secret.
public enum VaultError: Error, Equatable, Sendable {
  /// There is no vault in this directory.
  case missing(directory: String)
  /// There is one already.
  case exists(directory: String)
  /// The directory or a file in it belongs to another user, or others may read or write it.
  case insecure(path: String, reason: String)
  /// Others can change a folder above the vault's directory.
  case exposed(TrustedPath.Problem)
  /// The file was truncated or changed; nothing was done to it.
  case damaged(part: String)
  /// An earlier version of the suite, from before the first release, wrote the file; so many changes in it were not
  /// uploaded.
  case olderFormat(found: Int64, unsent: Int)
  /// A later version of the suite wrote the file.
  case newerFormat(found: Int64, known: Int64)
  /// Another process kept the file locked for too long.
  case busy
  /// The key is not available.
  case locked
  /// No slot opens with this passphrase or key.
  case wrongKey
  /// A key file or a passphrase command did not give a usable key.
  case badKeySource(reason: String)
  /// The vault opens with the output of a command, and the user's configuration names another command or none.
  case unlockCommandDiffers
  /// The vault has no slot with this number.
  case noSuchSlot(id: Int64)
  /// The vault would be left without any slot.
  case lastSlot
  /// The vault has as many slots as it may have, or they cost more together than they may.
  case tooManySlots
  /// The disk is full; the change was not made.
  case diskFull
  /// The file or directory cannot be written; the change was not made.
  case readOnly
  /// The operating system refused.
  case system(operation: String, errno: Int32)
}
