import CLinux

/// Work on a thread of its own (pthreads(7)).
final class BackgroundWork<Value: Sendable> {
  private final class Outcome: @unchecked Sendable {
    // Written by the thread and read after it has ended.
    var result: Result<Value, any Error>?
  }

  private let work: @Sendable () throws -> Value
  private let outcome = Outcome()
  /// `nil` if it has ended or could not be started.
  private var thread: pthread_t?

  /// Starts the work.
  init(_ work: @escaping @Sendable () throws -> Value) {
    self.work = work
    let outcome = outcome
    thread = ThreadBody { outcome.result = Result { try work() } }.start()
  }

  deinit { wait() }

  /// Waits for the work and returns its result. Does the work on this thread if no other could be started.
  ///
  /// - Throws: the errors of the work.
  func value() throws -> Value {
    wait()
    return try outcome.result?.get() ?? work()
  }

  private func wait() {
    if let thread { pthread_join(thread, nil) }
    thread = nil
  }
}

/// The body of a thread, which passes a closure through pthread_create(3).
private final class ThreadBody: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  func start() -> pthread_t? {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { body in
        if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      return nil
    }
    return thread
  }
}
