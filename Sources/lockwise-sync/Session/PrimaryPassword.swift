import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The source of a profile's primary password: a command, pinentry, or the terminal.
struct PrimaryPassword {
  private static let tries = 3

  /// A command that prints the password; `nil` to ask the user.
  var command: String?
  private let context: SyncContext

  init(_ context: SyncContext, command: String? = nil) {
    self.context = context
    self.command = command
  }

  /// Returns the key of a profile's logins.
  ///
  /// - Parameters:
  ///   - logins: the profile's logins.
  ///   - kept: the key that the vault keeps; a wrong one is ignored, because the primary password may have been changed.
  ///   - profile: the profile's name.
  /// - Throws: `FirefoxError`, `PromptError`; `UserFacingError` if the user cannot be asked.
  func key(of logins: ProfileLogins, kept: SecretBytes?, profile: String) throws -> ProfileKey {
    if let kept {
      do { return try logins.key(kept: kept) } catch FirefoxError.wrongPrimaryPassword {}
    }
    let remedy = "keep the profile's key: lockwise-sync login --local --remember"
    return try unlock(profile, for: "lockwise-sync reads the logins of Firefox", otherwise: remedy) {
      try logins.key(primaryPassword: $0)
    }
  }

  /// Calls `body` with the empty password, which stands for none, then with the one that the user types.
  ///
  /// - Parameters:
  ///   - profile: the profile's name.
  ///   - purpose: what needs the password, as the start of the prompt.
  ///   - remedy: a hint for a user who cannot be asked; `nil` for none.
  ///   - body: throws `FirefoxError.wrongPrimaryPassword` for a wrong password.
  /// - Throws: `FirefoxError.wrongPrimaryPassword` after three tries; `PromptError`; the errors of `body`;
  ///   `UserFacingError` if the user cannot be asked.
  func unlock<Result>(
    _ profile: String, for purpose: String, otherwise remedy: String? = nil, _ body: (SecretBytes) throws -> Result
  ) throws -> Result {
    do {
      return try body(SecretBytes(utf8: ""))
    } catch FirefoxError.wrongPrimaryPassword {}
    if let command {
      return try body(OptionCommand(option: "--password-command", command: command).firstLine(nil, context))
    }
    guard !context.configuration.isOn("LOCKWISE_NO_PROMPT") else { throw Self.nobodyThere(remedy) }
    let prompt = PassphrasePrompt(configuration: context.configuration)
    let question = PassphraseQuestion(
      description: "\(purpose). Primary password of the profile \(PrintableText.of(profile)):",
      line: "Enter passphrase for key 'primary password of the Firefox profile \(PrintableText.of(profile))': ")
    var error: String?
    for _ in 0..<Self.tries {
      do {
        return try body(prompt.ask(question, error: error))
      } catch FirefoxError.wrongPrimaryPassword {
        error = "Wrong primary password."
      } catch PromptError.nobodyThere, PromptError.pinentryMissing {
        throw Self.nobodyThere(remedy)
      }
    }
    throw FirefoxError.wrongPrimaryPassword
  }

  private static func nobodyThere(_ remedy: String?) -> UserFacingError {
    UserFacingError(
      "Firefox has a primary password, and there is no terminal or pinentry to ask for it",
      hints: ["run this at a terminal"] + [remedy.map { "or " + $0 }].compactMap(\.self), exitCode: .usage)
  }
}
