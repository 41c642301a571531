import LockwiseCore

/// A source of storage credentials, such as a cache in front of the token server.
public protocol StorageCredentialsSource: AnyObject {
  /// Returns credentials that should be valid now. Called before every request, so they should be cached.
  ///
  /// - Throws: the error of obtaining them: signed out, no network, token server trouble.
  func credentials() throws -> StorageCredentials

  /// Returns new credentials, after the storage server rejected the present ones (401).
  ///
  /// Called once for a request: credentials that are rejected right away are not too old.
  ///
  /// - Throws: the error of obtaining them.
  func replaceAfterUnauthorized() throws -> StorageCredentials

  /// Corrects the clock offset of the present credentials. Called only if theirs is off by seconds.
  ///
  /// - Parameter milliseconds: the server's time minus this machine's.
  /// - Throws: the error of storing it.
  func setClockOffset(_ offset: Milliseconds) throws
}
