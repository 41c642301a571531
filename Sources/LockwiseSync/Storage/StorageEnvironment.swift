import LockwiseAccounts
import LockwiseCore

/// What the storage client takes from outside, so that a test can be all of it.
public struct StorageEnvironment {
  /// The network.
  public var transport: any HTTPTransport
  /// Where nonces come from.
  public var random: any RandomSource
  /// Our clock, milliseconds since 1970.
  public var now: () -> Int64
  /// Waits for some milliseconds.
  public var sleep: (Int64) -> Void

  /// Makes an environment; see the members.
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
