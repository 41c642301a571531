import LockwiseAccounts
import LockwiseCore

/// The outside world of the storage client, which tests replace.
public struct StorageEnvironment {
  /// The network.
  public var transport: any HTTPTransport
  /// The source of nonces.
  public var random: any RandomSource
  /// This machine's time, milliseconds since 1970.
  public var now: () -> Int64
  /// Waits for some milliseconds.
  public var sleep: (Int64) -> Void

  /// Creates an environment; see the members.
  public init(
    transport: any HTTPTransport, random: any RandomSource, now: @escaping () -> Int64,
    sleep: @escaping (Int64) -> Void
  ) {
    self.transport = transport
    self.random = random
    self.now = now
    self.sleep = sleep
  }
}
