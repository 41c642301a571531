import LockwiseCLI
import LockwiseCore

/// Gets an answer from the user. The passphrase of a key is tried on the key first.
struct TypedSecret {
  /// The number of attempts at a passphrase.
  private static let tries = 3

  /// The question.
  let context: PromptContext

  /// Asks the user, and offers to save a secret.
  ///
  /// - Parameter note: what the user needs to know; `nil` for nothing.
  /// - Returns: the answer; `nil` if no passphrase was right.
  /// - Throws: `PromptError` if the user cancelled or cannot be asked.
  func perform(note: String?) throws -> SecretBytes? {
    var note = note
    for _ in 0..<Self.tries {
      let answer = try PersonAnswer(context: context).ask(note: note)
      guard !answer.isEmpty else { return answer }
      switch keyCheck?.check(answer) {
      case .wrong: note = "That passphrase does not open the key."
      case .opens:
        SaveOffer(context: context).make(answer, isVerified: true)
        return answer
      case .unknown, nil:
        // A passphrase that cannot be tried is not saved: ssh does not report whether it was right.
        if keyCheck == nil { SaveOffer(context: context).make(answer, isVerified: false) }
        return answer
      }
    }
    return nil
  }

  /// The check of a passphrase; `nil` if the question is another one, or names no file.
  private var keyCheck: KeyPassphraseCheck? {
    guard case .keyPassphrase(let prompt) = context.question else { return nil }
    let path = prompt.path ?? context.asker.flatMap { SSHKeygenArguments($0.arguments)?.keyPath }
    guard let path, let name = String(validating: path, as: UTF8.self) else { return nil }
    return KeyPassphraseCheck(path: name, environment: context.helper.configuration.environment)
  }
}
