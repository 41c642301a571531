import Foundation

/// A shell that reports what the completion of a program offers. bash and zsh run at a terminal, so that they divide the
/// line themselves; fish has `complete -C`.
final class CompletingShell {
  /// What the completion of a line offers.
  struct Offer {
    /// The offered words. Those of bash begin after the last of its word breaks, `:` for example.
    let words: [String]
    /// The text on standard error.
    let error: String
  }

  private static let prompt = "ready> "

  private let kind: PassShell.Kind
  private let environment: [String: String]
  private let script: CompletionScript
  private let terminal: PseudoTerminal?

  /// Starts a shell in its home folder and waits until it is ready.
  ///
  /// - Parameters:
  ///   - program: the program whose completion is loaded, and no other.
  ///   - environment: the shell's variables. `HOME` is a folder of the test.
  /// - Throws: `Executables.MissingTool` if the shell is not installed; `TimedOut`.
  init(_ kind: PassShell.Kind, of program: String, environment: [String: String]) throws {
    self.kind = kind
    self.environment = environment
    script = try CompletionScript(of: program, for: kind, home: environment["HOME", default: ""])
    switch kind {
    case .bash:
      try Self.write(Self.bashCommands(script), to: script.home + "/.bashrc")
      terminal = try Self.terminal(kind, ["--noprofile", "--rcfile", script.home + "/.bashrc", "-i"], environment)
    case .zsh:
      try Self.write(Self.zshCommands(script), to: script.home + "/.zshrc")
      terminal = try Self.terminal(kind, ["-d", "-i"], environment)
    case .fish: terminal = nil
    }
  }

  /// Returns what a tab at the end of a line offers.
  ///
  /// - Throws: `TimedOut`.
  func offer(for line: String) throws -> Offer {
    guard let terminal else {
      let run = try Run.program(
        Executables.ofSystem("fish"), ["-c", "cd; source $argv[1]; complete -C $argv[2]", script.path, line],
        environment: environment)
      // The description follows a tab.
      return Offer(words: run.lines.map { String($0.prefix { $0 != "\t" }) }, error: run.error)
    }
    let (offered, errors) = (script.home + "/.offered", script.home + "/.errors")
    for path in [offered, errors] { unlink(path) }
    // Ctrl-U removes the previous line.
    terminal.send("\u{15}" + line + "\t")
    guard try terminal.await({ _, _ in access(offered, F_OK) == 0 }) else {
      throw TimedOut(description: "\(kind) has ended. Shown was: \(terminal.shown)")
    }
    let words = try String(contentsOfFile: offered, encoding: .utf8).split(separator: "\0").map(String.init)
    return Offer(words: words, error: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
  }

  /// The text on the terminal; empty if there is none.
  var shown: String { terminal?.shown ?? "" }

  private static func terminal(
    _ kind: PassShell.Kind, _ arguments: [String], _ environment: [String: String]
  ) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(Executables.ofSystem(kind.rawValue), arguments, environment: environment)
    try terminal.expect(prompt, timeout: 60)
    return terminal
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The completion's function runs in another one, which writes down the result.
  private static func bashCommands(_ script: CompletionScript) -> String {
    """
    bind 'set enable-bracketed-paste off'
    bind 'set completion-query-items 0'
    bind 'set page-completions off'
    cd
    source '\(script.path)'
    offer() {
      "$offering" "$@" 2>~/.errors
      local status=$?
      : >~/.new
      ((${#COMPREPLY[@]} == 0)) || printf '%s\\0' "${COMPREPLY[@]}" >~/.new
      mv ~/.new ~/.offered
      return "$status"
    }
    registered=$(complete -p \(script.program))
    eval "${registered/-F */-F offer \(script.program)}"
    offering=${registered#*-F }
    offering=${offering%% *}
    PS1='\(prompt)'

    """
  }

  /// compadd is where every completion of zsh adds its words. With -O, -A or -D it adds none.
  private static func zshCommands(_ script: CompletionScript) -> String {
    """
    unset zle_bracketed_paste
    fpath=('\(script.folder)' $fpath)
    autoload -U compinit
    compinit -u -D
    cd
    compadd() {
      if [[ "${@[1,(i)(-|--)]} " != *' -'(O|A|D)' '* ]]; then
        local -a added
        builtin compadd -O added "$@"
        offered+=("${added[@]}")
      fi
      builtin compadd "$@"
    }
    offer() {
      local -a offered
      _main_complete 2>~/.errors
      compstate[insert]='' compstate[list]=''
      : >~/.new
      (( $#offered == 0 )) || print -rN -- "${offered[@]}" >~/.new
      mv ~/.new ~/.offered
    }
    zle -C offer complete-word offer
    bindkey -e
    bindkey '^I' offer
    PS1='\(prompt)'

    """
  }
}
