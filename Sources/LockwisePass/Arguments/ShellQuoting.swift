import LockwiseCore

/// Names in quotes, as GNU rm(1), mv(1) and cp(1) print them with `-v`.
enum ShellQuoting {
  /// Returns a name in quotes that a POSIX shell reads back, with control characters replaced.
  static func quote(_ name: String) -> String {
    let text = PrintableText.of(name)
    guard text.utf8.contains(UInt8(ascii: "'")) else { return "'\(text)'" }
    let special: Set<UInt8> = Set("\"`$\\!".utf8)
    guard text.utf8.contains(where: special.contains) else { return "\"\(text)\"" }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
