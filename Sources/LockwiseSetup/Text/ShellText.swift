import LockwiseCore

/// The language of a shell's start file.
package enum ShellSyntax: Equatable, Sendable {
  /// The shell command language of POSIX.
  case posix
  /// fish(1).
  case fish
}

/// Texts of shell commands.
package enum ShellText {
  /// Returns a word quoted for a shell, if it needs that.
  package static func quoted(_ text: String, _ syntax: ShellSyntax) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (97...122).contains($0 | 0x20) || "/._-+".utf8.contains($0)
      }
    if isPlain { return text }
    switch syntax {
    case .posix:
      return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    case .fish:
      // Within single quotes, fish recognises only \' and \\ (fish-doc(1), "Quotes").
      let escaped = text.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
      return "'" + String(escaped) + "'"
    }
  }

  /// Returns the lines that set variables, if a program is there.
  ///
  /// - Parameters:
  ///   - variables: the names and values.
  ///   - program: the path of the program without which they must not be set; `nil` if they are always set.
  package static func exports(
    _ variables: [(name: String, value: String)], if program: String?, _ syntax: ShellSyntax
  ) -> [String] {
    let lines = variables.map { variable in
      let value = quoted(variable.value, syntax)
      return syntax == .fish ? "set -gx \(variable.name) \(value)" : "export \(variable.name)=\(value)"
    }
    guard let program else { return lines }
    let word = quoted(program, syntax)
    switch syntax {
    case .posix: return ["if [ -x \(word) ]; then"] + lines.map { "  " + $0 } + ["fi"]
    case .fish: return ["if test -x \(word)"] + lines.map { "    " + $0 } + ["end"]
    }
  }

  /// Returns the words after a variable's name, on lines that are not comments.
  ///
  /// - Parameters:
  ///   - variable: the variable's name.
  ///   - text: the start file.
  package static func values(of variable: String, in text: SecretBytes) -> [String] {
    text.withUnsafeBytes { bytes in
      LineRange.all(in: bytes).flatMap { line -> [String] in
        let content = String(decoding: line.content(in: bytes), as: UTF8.self)
        guard !content.hasPrefix("#") else { return [] }
        let words = content.split(whereSeparator: { " \t='\";".contains($0) }).map(String.init)
        return words.firstIndex(of: variable).map { Array(words[($0 + 1)...]) } ?? []
      }
    }
  }
}
