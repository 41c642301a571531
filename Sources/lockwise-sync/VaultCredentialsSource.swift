import LockwiseAccounts
import LockwiseCore
import LockwiseSync

/// Storage credentials for the storage client, out of the vault's cache or from the token server.
final class VaultCredentialsSource: StorageCredentialsSource {
  private let provider: StorageCredentialsProvider
  private var current: HawkCredentials?
  /// Is told for how many seconds the token server asks to be left alone.
  var noteBackoff: (_ seconds: Int64) throws -> Void = { _ in }

  init(_ provider: StorageCredentialsProvider) { self.provider = provider }

  func credentials() throws -> HawkCredentials {
    if let current { return current }
    return try take { try provider.current() }
  }

  func replaceAfterUnauthorized() throws -> HawkCredentials { try take { try provider.replacement() } }

  /// Kept for this run: the next one learns it again from the token server or the first answer.
  func setClockOffset(_ milliseconds: Int64) throws {
    current = current.map {
      HawkCredentials(id: $0.id, key: $0.key, endpoint: $0.endpoint, clockOffset: milliseconds)
    }
  }

  private func take(_ ask: () throws -> StorageCredentialsProvider.Current) throws -> HawkCredentials {
    let answer: StorageCredentialsProvider.Current
    do {
      answer = try ask()
    } catch let error as TokenServerError {
      if let seconds = error.retryAfter { try noteBackoff(seconds) }
      throw error
    }
    if let seconds = answer.backoff { try noteBackoff(seconds) }
    let credentials = answer.credentials
    let hawk = HawkCredentials(
      id: credentials.id, key: credentials.key, endpoint: credentials.endpoint,
      clockOffset: credentials.clockOffset)
    current = hawk
    return hawk
  }
}
