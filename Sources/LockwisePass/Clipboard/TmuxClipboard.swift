import LockwiseCLI
import LockwiseCore

/// The clipboard of the terminal around tmux(1), filled by tmux itself.
///
/// Since version 3.3 tmux drops what programs wrap for the terminal unless `allow-passthrough` is on.
struct TmuxClipboard {
  private static let buffer = "lockwise-pass"
  private let environment: Environment

  /// Finds a tmux that runs this program and drops wrapped sequences; `nil` if there is none.
  init?(_ environment: Environment) {
    guard environment["TMUX"] != nil,
      let answer = try? ChildProcess.output(
        of: "tmux", ["display-message", "-p", "#{allow-passthrough}"], environment: environment, timeout: 1000),
      ["0\n", "off\n"].contains(answer.exposedText() ?? "")
    else { return nil }
    self.environment = environment
  }

  /// Copies a secret. tmux holds it in a buffer of its own for a moment.
  ///
  /// - Returns: whether tmux did so.
  func copy(_ secret: SecretBytes) -> Bool {
    let arguments = ["load-buffer", "-w", "-b", Self.buffer, "-", ";", "delete-buffer", "-b", Self.buffer]
    return (try? ChildProcess.output(of: "tmux", arguments, environment: environment, input: secret, timeout: 2000))
      != nil
  }

  /// The program that overwrites the clipboard with a space; tmux cannot empty it.
  var clearing: ClipboardProgram {
    ClipboardProgram(
      name: "tmux",
      arguments: [
        "set-buffer", "-w", "-b", Self.buffer, "--", " ", ";", "delete-buffer", "-b", Self.buffer,
      ], kind: .setter)
  }

  /// The name of the clipboard.
  var place: String { "tmux \(environment["TMUX"] ?? "")" }
}
