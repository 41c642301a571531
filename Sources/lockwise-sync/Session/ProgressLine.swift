import LockwiseCore

/// One line on a terminal that is written over and over. Nothing in a pipe.
struct ProgressLine {
  let isShown: Bool

  /// Shows a text in place of the last one.
  func show(_ text: String) {
    // EL, erase in line (ECMA-48 section 8.3.41).
    if isShown { Diagnostics.toStandardError("\r\u{1B}[K\(Program.name): \(text)") }
  }

  /// Removes the line.
  func clear() { if isShown { Diagnostics.toStandardError("\r\u{1B}[K") } }
}
