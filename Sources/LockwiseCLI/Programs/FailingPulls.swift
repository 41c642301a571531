import CLinux
import Glibc
import LockwiseCore

/// Reports in one line, to a person, that pulls have failed for days. Pulls run in the background, where nobody sees why
/// they fail.
struct FailingPulls {
  /// The time after which failing pulls are reported, and the time between two reports.
  private static let (limit, interval): (Seconds, Seconds) = (3 * 86_400, 86_400)

  let directory: VaultDirectory
  let now: Seconds

  /// Prints the line if it is time for it, and records that.
  func report(to diagnostics: Diagnostics) {
    guard let first = Self.time(directory.pendingMarker), now - first >= Self.limit else { return }
    if let last = Self.time(directory.reportedMarker), last <= now, now - last < Self.interval { return }
    // Without the record every command would report it.
    let mark = lockwise_open(directory.reportedMarker, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard mark >= 0 else { return }
    defer { close(mark) }
    guard futimens(mark, nil) == 0 else { return }
    diagnostics.notice("no pull has succeeded since \(first.localTime)")
    diagnostics.hint("see why: lockwise-sync pull")
  }

  private static func time(_ path: String) -> Seconds? {
    var info = stat()
    return stat(path, &info) == 0 ? Seconds(Int64(info.st_mtim.tv_sec)) : nil
  }
}
