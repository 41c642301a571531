import LockwiseAccounts
import LockwiseCore

/// The outside world of the storage client, which tests replace.
public struct StorageEnvironment {
  /// The network.
  var transport: any HTTPTransport
  /// The source of nonces.
  public var random: any RandomSource
  /// This machine's time.
  var now: () -> Milliseconds
  /// Waits.
  var sleep: (Milliseconds) -> Void

  /// Creates an environment; see the members.
  public init(
    transport: any HTTPTransport, random: any RandomSource, now: @escaping () -> Milliseconds,
    sleep: @escaping (Milliseconds) -> Void
  ) {
    self.transport = transport
    self.random = random
    self.now = now
    self.sleep = sleep
  }
}
