import LockwiseCLI
import LockwiseCore

/// A line on a terminal that is overwritten by the next. Not shown in a pipe.
struct ProgressLine {
  let isShown: Bool

  /// Replaces the shown text.
  func show(_ text: String) {
    // EL, erase in line (ECMA-48 section 8.3.41).
    if isShown { Diagnostics.toStandardError("\r\u{1B}[K\(Program.name): \(text)") }
  }

  /// Removes the line.
  func clear() { if isShown { Diagnostics.toStandardError("\r\u{1B}[K") } }
}
