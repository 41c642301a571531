import LockwiseCore

/// A failure that is reported in the words of pass(1), on standard error without the program's name in front.
///
/// Front ends recognise these texts. Every other failure is a `UserFacingError`.
struct PassFailure: Error, Equatable {
  /// The lines to print, without the last line feed; empty for a failure that pass does not explain.
  let text: String
  /// The exit status.
  let exitCode: ExitCode

  /// Makes a failure.
  init(_ text: String, exitCode: ExitCode = .failure) {
    self.text = text
    self.exitCode = exitCode
  }

  /// Ends the command without a text, as pass does if a question is not answered with yes.
  static let silent = PassFailure("")

  /// Ends the command without a text after a key such as Ctrl-C.
  static let cancelled = PassFailure("", exitCode: .cancelled)

  /// Reports that there is no such entry or folder.
  ///
  /// - Parameter name: the name as it was typed.
  static func missing(_ name: String) -> PassFailure {
    PassFailure("Error: \(PrintableText.of(name)) is not in the password store.")
  }
}
