import Foundation
import Testing

/// Runs a test on threads of its own.
///
/// All other tests share as many threads as there are processors. A test that mostly waits would keep one of them idle.
struct OwnThread: TestTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
  }
}

extension Trait where Self == OwnThread {
  /// Runs the test on threads of its own, since it mostly waits.
  static var ownThread: Self { Self() }
}

/// Starts a thread for each job, which may block it.
private final class ThreadExecutor: TaskExecutor {
  static let shared = ThreadExecutor()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: Self.shared.asUnownedTaskExecutor()) }
  }
}
