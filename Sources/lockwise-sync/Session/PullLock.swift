import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Lets one pull run at a time, and leaves the marks from which helpers read the age of the logins.
struct PullLock {
  /// The longest wait for another run.
  private static let timeout: Milliseconds = 120_000

  private let descriptor: Int32
  private let directory: VaultDirectory
  /// Whether another run pulled successfully while this one waited.
  let isCovered: Bool

  /// Acquires the lock and records the attempt.
  ///
  /// - Parameters:
  ///   - directory: the vault's directory.
  ///   - now: this machine's time.
  ///   - yields: whether a run that is already waiting replaces this one.
  /// - Returns: `nil` if there is such a run. It has not begun, so it uploads everything that is in the vault now.
  /// - Throws: `VaultError.busy` if another run takes too long; `VaultError.system`.
  static func acquire(_ directory: VaultDirectory, now: () -> Milliseconds, yields: Bool) throws -> PullLock? {
    let descriptor = try open(directory.pullLock)
    let started = now()
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return begin(descriptor, directory, isCovered: false) }
    let queue: Int32
    do {
      queue = try open(directory.queueLock)
    } catch {
      close(descriptor)
      throw error
    }
    defer { close(queue) }
    if flock(queue, LOCK_EX | LOCK_NB) != 0, yields {
      close(descriptor)
      return nil
    }
    while FileDescriptor.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
      guard errno == EWOULDBLOCK, now() - started < timeout else {
        close(descriptor)
        throw VaultError.busy
      }
      usleep(50_000)
    }
    // A mark from the future, left while the clock was wrong, is ignored.
    let isCovered = directory.lastPull.map { started <= $0 && $0 <= now() + 1000 } ?? false
    return begin(descriptor, directory, isCovered: isCovered)
  }

  private static func begin(_ descriptor: Int32, _ directory: VaultDirectory, isCovered: Bool) -> PullLock {
    if !isCovered {
      futimens(descriptor, nil)
      let mark = lockwise_open(
        directory.pendingMarker, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      if mark >= 0 { close(mark) }
    }
    return PullLock(descriptor: descriptor, directory: directory, isCovered: isCovered)
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = lockwise_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw VaultError.system(operation: "open \(path)", errno: errno) }
    return descriptor
  }

  /// Records that a pull succeeded.
  func notePulled() {
    let marker = lockwise_open(directory.pulledMarker, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard marker >= 0 else { return }
    futimens(marker, nil)
    close(marker)
    unlink(directory.pendingMarker)
  }

  /// Releases the lock.
  func release() { close(descriptor) }
}
