import LockwiseCLI
import LockwiseCore

/// Messages that are shown only if there is no answer. git-lfs treats any output on standard error as a failure.
///
/// A program writes them from one thread.
final class HeldMessages: @unchecked Sendable {
  private var lines: [String] = []

  /// The messages of a program, which collect here.
  func diagnostics(of program: String) -> Diagnostics { Diagnostics(program: program) { [self] in lines.append($0) } }

  /// The messages as one text for a prompt, without the program and the kinds; `nil` without any.
  var text: String? {
    let texts = lines.map { $0.split(separator: ": ", maxSplits: 2).last?.filter { $0 != "\n" } ?? "" }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  /// Writes the messages to standard error.
  func show() {
    for line in lines { Diagnostics.toStandardError(line) }
    lines = []
  }
}
