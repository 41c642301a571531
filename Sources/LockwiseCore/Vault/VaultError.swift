/// What can be wrong with the vault. No case holds anything that the vault keeps secret.
public enum VaultError: Error, Equatable, Sendable {
  /// There is no vault in this directory.
  case missing(directory: String)
  /// There is one already.
  case exists(directory: String)
  /// The directory or a file in it belongs to somebody else, or others may read or write it.
  case insecure(path: String, reason: String)
  /// The file was truncated or changed; nothing was done to it.
  case damaged(part: String)
  /// A later version of the suite wrote the file.
  case newerFormat(found: Int64, known: Int64)
  /// Another process kept the file locked for too long.
  case busy
  /// The key is not at hand.
  case locked
  /// No slot opens with this passphrase or key.
  case wrongKey
  /// A key file or a passphrase command did not give a usable key.
  case badKeySource(reason: String)
  /// The disk is full; the change was not made.
  case diskFull
  /// The file or directory cannot be written; the change was not made.
  case readOnly
  /// The operating system refused.
  case system(operation: String, errno: Int32)
}
