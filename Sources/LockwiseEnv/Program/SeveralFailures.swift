import LockwiseCore

/// An error that consists of several, each with a line of its own.
protocol SeveralFailures: Error {
  /// The errors, at least one.
  var failures: [UserFacingError] { get }
}
