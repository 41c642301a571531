import LockwiseCLI
import LockwiseCore

/// The lines that `setup` and `unsetup` print. They appear at once, because questions follow on the terminal.
struct SetupOutput {
  /// Prints a line on standard output.
  func say(_ line: String) {
    SecretBytes(utf8: PrintableText.of(line) + "\n").withUnsafeBytes { _ = FileDescriptor.writeAll(1, $0) }
  }

  /// Joins texts: `git`, `git and ssh`, `git, ssh and sudo`.
  static func list(_ texts: [String]) -> String {
    texts.count < 2 ? texts.joined() : texts.dropLast().joined(separator: ", ") + " and " + (texts.last ?? "")
  }
}
