import LockwiseCore

/// The control sequences with which a program fills the clipboard of the terminal that shows it, also over ssh (xterm,
/// "Control Sequences", OSC 52).
struct TerminalClipboard: Equatable {
  /// A program between this one and the terminal, which hands on only what is wrapped for it.
  enum Multiplexer: String {
    /// None.
    case none
    /// tmux: `ESC P tmux;`, each ESC doubled (tmux(1), `allow-passthrough`).
    case tmux
    /// GNU screen: `ESC P`, in pieces (screen manual, "Control Sequences").
    case screen

    /// The multiplexer that the environment shows. `TERM` also shows one on the other side of ssh.
    init(_ environment: Environment) {
      let terminal = environment["TERM"] ?? ""
      if environment["TMUX"] != nil || terminal.hasPrefix("tmux") {
        self = .tmux
      } else if environment["STY"] != nil || terminal.hasPrefix("screen") {
        self = .screen
      } else {
        self = .none
      }
    }
  }

  /// The selection to fill.
  let selection: ClipboardSelection
  /// The program in between.
  let multiplexer: Multiplexer

  /// The most bytes to copy. Terminals ignore or cut longer texts.
  static let limit = 74_994
  /// The most bytes that GNU screen accepts in one piece (`MAXSTR` of its oldest versions), less its frame.
  private static let pieceLength = 240

  /// Returns whether a terminal of this kind has a clipboard. The Linux console and what calls itself dumb have none.
  static func isSupported(_ environment: Environment) -> Bool {
    guard let terminal = environment["TERM"] else { return false }
    return !["dumb", "linux", "unknown", "emacs"].contains(terminal)
  }

  /// Returns the bytes to write to the terminal to copy a secret.
  func sequence(copying secret: SecretBytes) -> SecretBytes {
    sequence(Base64.standard.encode(secret))
  }

  /// The bytes to write to the terminal to empty the clipboard: what is neither Base64 nor a question clears it.
  var clearing: SecretBytes { sequence(SecretBytes(utf8: "!")) }

  private func sequence(_ payload: SecretBytes) -> SecretBytes {
    var inner = SecretBuilder(capacity: payload.count + 16)
    inner.append("\u{1B}]52;\(selection.letter);")
    inner.append(payload)
    inner.append(0x07)
    return wrapped(inner.finish())
  }

  private func wrapped(_ sequence: SecretBytes) -> SecretBytes {
    switch multiplexer {
    case .none: return sequence
    case .tmux:
      // The only ESC of a sequence is its first byte.
      var result = SecretBuilder(capacity: sequence.count + 16)
      result.append("\u{1B}Ptmux;\u{1B}")
      result.append(sequence)
      result.append("\u{1B}\\")
      return result.finish()
    case .screen:
      var result = SecretBuilder(capacity: 2 * sequence.count + 16)
      for start in stride(from: 0, to: sequence.count, by: Self.pieceLength) {
        result.append("\u{1B}P")
        result.append(sequence[start..<min(start + Self.pieceLength, sequence.count)])
        result.append("\u{1B}\\")
      }
      return result.finish()
    }
  }
}
