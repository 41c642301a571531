import LockwiseCLI
import LockwiseCore

/// Lets the user choose a passphrase for the vault at the terminal.
struct PassphraseChoice {
  private static let tries = 3

  private let terminal: TerminalPrompt
  private let limits: SessionLimits

  /// - Parameter configuration: sets the time after which the passphrase is asked for again.
  init(_ terminal: TerminalPrompt, _ configuration: Configuration) {
    self.terminal = terminal
    limits = SessionLimits(configuration)
  }

  /// Explains the passphrase and asks twice for it.
  ///
  /// - Throws: `PromptError.cancelled`; `UserFacingError` if none was chosen.
  func choose() throws -> SecretBytes {
    for line in explanation { terminal.show(line) }
    for _ in 0..<Self.tries {
      let first = try terminal.askSecret("New passphrase for the vault: ")
      if let complaint = PassphraseRule.complaint(about: first) {
        terminal.show(complaint.prefix(1).uppercased() + complaint.dropFirst() + ".")
        continue
      }
      if first == (try terminal.askSecret("The same passphrase again: ")) { return first }
      terminal.show("The passphrases do not match.")
    }
    throw UserFacingError("no passphrase was chosen; nothing was changed", exitCode: .cancelled)
  }

  private var explanation: [String] {
    let time: String
    switch limits.idle.rawValue {
    case _ where !limits.keepsKeys: time = "for each command"
    case 3600: time = "after an hour without use"
    case let seconds where seconds % 60 == 0: time = "after \(seconds / 60) minutes without use"
    case let seconds: time = "after \(seconds) seconds without use"
    }
    return [
      "Choose a passphrase for the vault, the encrypted copy on this machine.",
      "It is asked for again \(time).",
      "It need not be your Mozilla password, and nobody can restore it.",
    ]
  }
}
