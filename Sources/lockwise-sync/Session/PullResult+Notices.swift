import LockwiseCLI
import LockwiseSync

extension PullResult {
  /// Shows what the pull noticed, and the server's message to its users.
  func showNotices(_ diagnostics: Diagnostics) {
    for notice in notices {
      diagnostics.notice(notice.description)
      diagnostics.hint(notice.hint)
    }
    if let alert { diagnostics.notice("message from the server: \(alert.message)") }
  }
}
