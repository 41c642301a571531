import LockwiseCore

/// What signs requests to one storage endpoint, as the TokenServer handed it out (TokenServer API 1.0).
public struct HawkCredentials: Sendable {
  /// The opaque id, printable ASCII without `"` and `\`.
  public let id: SecretBytes
  /// The key: the bytes of the text that the TokenServer sent, not decoded.
  public let key: SecretBytes
  /// The prefix of every storage URL, `https://host[:port]/1.5/uid`, without a slash at the end.
  public let endpoint: String
  /// What has to be added to our clock to get the server's, milliseconds.
  public let clockOffset: Int64

  /// Makes credentials; see the members for the shapes.
  public init(id: SecretBytes, key: SecretBytes, endpoint: String, clockOffset: Int64) {
    self.id = id
    self.key = key
    self.endpoint = endpoint
    self.clockOffset = clockOffset
  }
}

/// Where storage credentials come from: a cache and the TokenServer behind it.
public protocol StorageCredentialsSource: AnyObject {
  /// Credentials that should work now. Asked before every request, so a cache should answer.
  ///
  /// - Throws: whatever keeps them from being had (signed out, no network, TokenServer trouble).
  func credentials() throws -> HawkCredentials

  /// Fresh credentials, after the storage server answered 401 to those of `credentials()`.
  ///
  /// - Throws: whatever keeps them from being had.
  func replaceAfterUnauthorized() throws -> HawkCredentials

  /// Is told the server's clock: what has to be added to ours, milliseconds. Called only when the credentials'
  /// own offset is off by seconds.
  ///
  /// - Throws: whatever keeps it from being remembered.
  func setClockOffset(_ milliseconds: Int64) throws
}
