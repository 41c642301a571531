import CLinux
import Glibc
import LockwiseCore

/// Lets one pull run at a time, and leaves the marks by which helpers tell how old the copy is.
struct PullLock {
  /// How long to wait for another run, milliseconds.
  private static let patience = 120_000

  private let descriptor: Int32
  private let directory: VaultDirectory
  /// Whether another run pulled successfully while this one waited.
  let isCovered: Bool

  /// Takes the lock and notes the attempt.
  ///
  /// - Parameters:
  ///   - directory: the vault's directory.
  ///   - now: our clock, milliseconds since 1970.
  /// - Throws: `VaultError.busy` if another run takes too long; `VaultError.system`.
  static func take(_ directory: VaultDirectory, now: () -> Int64) throws -> PullLock {
    let descriptor = lockwise_open(directory.pullLock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw VaultError.system(operation: "open \(directory.pullLock)", errno: errno)
    }
    let started = now()
    var waited = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, now() - started < patience else {
        close(descriptor)
        throw VaultError.busy
      }
      waited = true
      usleep(50_000)
    }
    // A mark from the future, left while the clock was wrong, covers nothing.
    let isCovered = waited && directory.lastPull.map { started <= $0 && $0 <= now() + 1000 } ?? false
    if !isCovered { futimens(descriptor, nil) }
    return PullLock(descriptor: descriptor, directory: directory, isCovered: isCovered)
  }

  /// Notes that a pull succeeded.
  func notePulled() {
    let marker = lockwise_open(directory.pulledMarker, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard marker >= 0 else { return }
    futimens(marker, nil)
    close(marker)
  }

  /// Lets the next run in.
  func release() { close(descriptor) }
}
