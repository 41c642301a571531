import LockwiseCore

/// What a passphrase is asked for, in the words of pinentry and of the terminal.
public struct PassphraseQuestion: Equatable, Sendable {
  /// The title of pinentry's window.
  public let title: String
  /// The text in pinentry's window.
  public let description: String
  /// The prompt at the terminal, with a colon and a blank at its end. Front ends of git look for the form that ssh uses,
  /// `Enter passphrase for key '…': `, and ask in a window of their own.
  public let line: String

  /// Creates a question.
  public init(title: String = "Lockwise", description: String, line: String) {
    self.title = title
    self.description = description
    self.line = line
  }
}

/// Asks for a passphrase: through pinentry where it works, else at the terminal.
public struct PassphrasePrompt {
  private let configuration: Configuration
  private let scope: PromptScope

  /// Creates a prompt.
  public init(configuration: Configuration, scope: PromptScope = .anywhere) {
    self.configuration = configuration
    self.scope = scope
  }

  /// The pinentry that would be asked, a name or a path; `nil` if none could reach the user.
  public var pinentry: String? { Pinentry(configuration: configuration, scope: scope)?.program }

  /// Asks once.
  ///
  /// - Parameters:
  ///   - question: what the passphrase is for.
  ///   - error: what was wrong with the last answer.
  /// - Returns: the text typed.
  /// - Throws: `PromptError`.
  public func ask(_ question: PassphraseQuestion, error: String? = nil) throws -> SecretBytes {
    guard scope != .nowhere else { throw PromptError.nobodyThere }
    let pinentry = Pinentry(configuration: configuration, scope: scope)
    if let pinentry,
      let answer = try pinentry.ask(
        .init(title: question.title, description: question.description, error: error))
    {
      return answer
    }
    guard scope == .anywhere, let terminal = TerminalPrompt() else {
      if let program = pinentry?.program, ProgramSearch(configuration.environment).find(program) == nil {
        throw PromptError.pinentryMissing(program: program)
      }
      throw PromptError.nobodyThere
    }
    defer { terminal.finish() }
    if let error { terminal.show(error) }
    return try terminal.askSecret(question.line)
  }
}
