import LockwiseCLI
import LockwiseCore

/// A prompt in the words that the user sees.
struct ShownPrompt {
  /// The marked text, at the terminal and in pinentry's window. Prompts replace its control characters.
  let text: String
  /// The text in front of pinentry's input field.
  let label: String

  /// Makes the text of a question.
  init(of context: PromptContext) {
    text = Self.marked(context.text, context.question)
    label =
      switch context.question {
      case .sshPassword, .sudoPassword, .gitPassword: "Password:"
      case .keyPassphrase, .stalePassphrase: "Passphrase:"
      case .pin: "PIN:"
      case .gitUserName, .userName: "User name:"
      default: "Answer:"
      }
  }

  /// The question for a passphrase prompt.
  var question: PassphraseQuestion {
    PassphraseQuestion(description: text, label: label, line: text.hasSuffix(" ") ? text : text + " ")
  }

  /// Marks a text that a server wrote, and warns of an unencrypted key.
  private static func marked(_ text: String, _ question: Question) -> String {
    switch question {
    case .sshPassword(let user, let host, true): marked(text, SSHAccount(user: user, host: host))
    case .other(let account?): marked(text, account)
    case .newSecret where text.contains("(empty for no passphrase)"):
      "Without an answer, the key is stored unencrypted.\n" + text
    default: text
    }
  }

  /// Replaces ssh's prefix `(user@host) `.
  private static func marked(_ text: String, _ account: SSHAccount) -> String {
    let name = "\(account.user)@\(account.host)"
    let prefix = "(\(name)) "
    let rest = text.utf8.starts(with: prefix.utf8) ? String(text.dropFirst(prefix.count)) : text
    return "\(name) asks: \(rest)"
  }
}
