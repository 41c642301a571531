/// The reason why a fingerprint is unknown.
enum KeyFileError: Error, Equatable, Sendable {
  /// Neither the prompt nor the asker's command line names a file.
  case noPath
  /// ssh may have cut the path.
  case pathMayBeCut
  /// The file cannot be read.
  case unreadable(errno: Int32)
  /// The file is not a private key.
  case notAKey
  /// The private key does not contain its public key in clear, and there is no valid `PATH.pub`.
  case noPublicKey
}
