import Glibc
import LockwiseCLI

/// A running command, from the point of view of the process that masks its output.
protocol MaskedSession: AnyObject {
  /// The end of the command; `nil` while it runs.
  var ending: ChildProcess.Ending? { get }
  /// Why it could not be started, an error number of execve(2).
  var startFailure: Int32? { get }
  /// What the command writes, and where that goes. The caller owns the sources.
  var channels: [MaskChannel] { get }
  /// What poll(2) waits for, apart from signals and outputs.
  var events: [pollfd] { get }
  /// Acts on the results of `events`.
  ///
  /// - Parameter flush: writes what the command has written so far.
  func proceed(_ events: [pollfd], flush: () -> Void)
  /// Acts on a signal that this process received.
  func receive(_ signal: ReceivedSignals.Signal, flush: () -> Void)
  /// Ends what belongs to the session, after the output was written.
  func finish()
}
