import Glibc
import LockwiseCore

/// Messages for the user on standard error.
///
/// Standard output contains data only. Messages have the form `name: error: text` and `name: hint: text`, each in one
/// line, in lower case and without a full stop. Prompts go to pinentry or the terminal. Control characters in text from
/// outside are replaced.
public struct Diagnostics: Sendable {
  private let program: String
  private let write: @Sendable (String) -> Void

  /// Makes the diagnostics of a program.
  ///
  /// - Parameters:
  ///   - program: the program's name, with which each line begins.
  ///   - write: writes a line, which includes its line feed; by default to standard error.
  public init(program: String, write: @escaping @Sendable (String) -> Void = Diagnostics.toStandardError) {
    self.program = program
    self.write = write
  }

  /// Reports an error.
  public func error(_ text: String) { line("error", text) }

  /// Prints what the user can do.
  public func hint(_ text: String) { line("hint", text) }

  /// Reports something that is not an error.
  public func notice(_ text: String) { line("notice", text) }

  /// Reports an error and its hints.
  public func report(_ error: UserFacingError) {
    self.error(error.message)
    for hint in error.hints { self.hint(hint) }
  }

  private func line(_ kind: String, _ text: String) {
    write("\(program): \(kind): \(PrintableText.of(text))\n")
  }

  /// Writes a line to standard error in one system call.
  public static let toStandardError: @Sendable (String) -> Void = { line in
    var copy = line
    copy.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
