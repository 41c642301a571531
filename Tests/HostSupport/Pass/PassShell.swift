import Foundation

/// An interactive shell in a home of `pass`, with the completions of `contrib/completions`.
struct PassShell {
  /// A kind of shell.
  enum Kind: String, CaseIterable {
    case bash, zsh, fish
  }

  /// The quoting of the beginning of a name.
  enum Quoting: CaseIterable {
    case backslashes, single, double

    /// The character that ends a quoted text.
    var mark: String? {
      switch self {
      case .backslashes: nil
      case .single: "'"
      case .double: "\""
      }
    }
  }

  /// The shell at its terminal.
  let terminal: PseudoTerminal
  private let kind: Kind
  private static let prompt = "ready> "

  /// Starts a shell and waits for its prompt.
  ///
  /// - Parameters:
  ///   - before: lines for the shell's file of commands, before the completions are loaded.
  ///   - program: the program whose completions are loaded.
  ///   - environment: the shell's variables.
  /// - Throws: `Executables.MissingTool` if it is not installed; `TimedOut`.
  init(_ kind: Kind, before: String = "", of program: String = "lockwise-pass", environment: [String: String]) throws {
    self.kind = kind
    let home = environment["HOME", default: ""]
    let completions = Readme.root.appendingPathComponent("contrib/completions").path
    let files = FileManager.default
    let arguments: [String]
    switch kind {
    case .bash:
      let lines = [
        // Its control sequences would be part of what is shown.
        "bind 'set enable-bracketed-paste off'", before, "PS1='\(Self.prompt)'",
        "source '\(completions)/\(program).bash'", "",
      ]
      try Self.write(lines.joined(separator: "\n"), to: home + "/.bashrc")
      arguments = ["--noprofile", "--rcfile", home + "/.bashrc", "-i"]
    case .zsh:
      try Self.write(
        """
        unset zle_bracketed_paste
        \(before)
        PS1='\(Self.prompt)'
        fpath=('\(completions)' $fpath)
        autoload -U compinit
        compinit -u -D
        compdef _lockwise-pass pass
        """, to: home + "/.zshrc")
      arguments = ["-d", "-i"]
    case .fish:
      let folder = home + "/.config/fish/completions"
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      // If this folder is missing, fish reads all man pages in the background.
      try files.createDirectory(
        atPath: home + "/.local/share/fish/generated_completions", withIntermediateDirectories: true)
      let text = try String(contentsOfFile: completions + "/\(program).fish", encoding: .utf8)
      for name in [program, "pass"] { try Self.write(text, to: "\(folder)/\(name).fish") }
      try Self.write(
        "\(before)\nfunction fish_prompt\n  printf '\(Self.prompt)'\nend\nset -g fish_greeting\n",
        to: home + "/.config/fish/config.fish")
      arguments = ["-i"]
    }
    terminal = try PseudoTerminal(
      "/bin/sh", ["-c", "stty rows 50 cols 250; exec \"$@\"", "sh", Executables.ofSystem(kind.rawValue)] + arguments,
      environment: environment)
    try terminal.expect(Self.prompt)
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Types a line, in which a tab completes, and Enter; waits until it shows a text.
  ///
  /// - Throws: `TimedOut`. The line is then abandoned.
  func enter(_ line: String, showing text: String, timeout: Double = 20) throws {
    terminal.send(line + "\r")
    do {
      try terminal.expect(text, timeout: timeout)
    } catch {
      // A second Ctrl-C at once would be lost in fish.
      for keys in ["\u{3}", "\u{3}\u{15}"] {
        terminal.send(keys)
        usleep(300_000)
      }
      throw error
    }
  }

  /// Returns the beginning of a name as a user types it; an open quote is not closed.
  func typed(_ text: String, _ quoting: Quoting) -> String {
    switch quoting {
    case .backslashes:
      let plain = Set("_./-:@,+=".unicodeScalars)
      return text.unicodeScalars.map { scalar in
        let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        return isPlain || plain.contains(scalar) ? String(scalar) : "\\" + String(scalar)
      }.joined()
    case .single:
      let escaped =
        kind == .fish
        ? text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") : text.replacing("'", with: "'\\''")
      return "'" + escaped
    case .double:
      let special: Set<Character> = kind == .fish ? ["\\", "\"", "$"] : ["\\", "\"", "$", "`"]
      return "\"" + text.map { special.contains($0) ? "\\" + String($0) : String($0) }.joined()
    }
  }

  /// The number of tabs that complete a name whose beginning was typed: bash and fish complete the whole name if there
  /// is only one, zsh one folder at a time.
  func tabs(for rest: some StringProtocol) -> String {
    String(repeating: "\t", count: kind == .zsh ? rest.count { $0 == "/" } + 1 : 1)
  }
}
