import Glibc
import LockwiseCore

/// The suite's way of speaking to people.
///
/// Standard output is data and nothing else. Standard error is for people: `name: error: what happened`, then
/// `name: hint: what to do`, each one line, lower case, without a full stop. Prompts go to pinentry or to the
/// terminal itself. Control characters in anything that came from outside are replaced.
public struct Diagnostics: Sendable {
  private let program: String
  private let write: @Sendable (String) -> Void

  /// Speaks for a program.
  ///
  /// - Parameters:
  ///   - program: the program's name, put before each line.
  ///   - write: takes one line with its line feed; standard error if not given.
  public init(program: String, write: @escaping @Sendable (String) -> Void = Diagnostics.toStandardError) {
    self.program = program
    self.write = write
  }

  /// Says what went wrong.
  public func error(_ text: String) { line("error", text) }

  /// Says what to do about it.
  public func hint(_ text: String) { line("hint", text) }

  /// Says something that is no failure but should be known.
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
