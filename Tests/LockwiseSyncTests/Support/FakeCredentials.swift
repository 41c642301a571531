import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// A source of credentials for a `FakeStorage` that counts the requests.
final class FakeCredentials: StorageCredentialsSource {
  private let server: FakeStorage
  private(set) var number = 1
  private(set) var replacements = 0
  private(set) var offsets: [Milliseconds] = []
  var clockOffset: Milliseconds = 0
  var endpoint: String
  /// The token server's reaction to a request for new credentials.
  var onReplace: (FakeCredentials) throws -> Void = { _ in }

  init(server: FakeStorage) {
    self.server = server
    endpoint = server.endpoint
  }

  func credentials() throws -> StorageCredentials {
    StorageCredentials(
      id: SecretBytes(utf8: "token-\(number)"), key: SecretBytes(utf8: "key-\(number)"), uid: 1, endpoint: endpoint,
      expires: .max, usableUntil: .max, clockOffset: clockOffset)
  }

  func replaceAfterUnauthorized() throws -> StorageCredentials {
    replacements += 1
    number += 1
    server.tokens["token-\(number)"] = "key-\(number)"
    try onReplace(self)
    return try credentials()
  }

  func setClockOffset(_ offset: Milliseconds) throws {
    offsets.append(offset)
    clockOffset = offset
  }
}
