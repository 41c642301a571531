import LockwiseCore

/// What a passphrase is asked for, in the words of pinentry and of the terminal.
public struct PassphraseQuestion: Equatable, Sendable {
  /// The title of pinentry's window.
  public let title: String
  /// The text in pinentry's window.
  public let description: String
  /// The prompt at the terminal, with a colon and a space at its end. Front ends of git recognise ssh's form, `Enter
  /// passphrase for key '…': `, and show a window for it.
  public let line: String

  /// Makes a question.
  public init(title: String = "Lockwise", description: String, line: String) {
    self.title = title
    self.description = description
    self.line = line
  }
}

/// Asks for a passphrase, with pinentry if it works, else at the terminal.
public struct PassphrasePrompt {
  private let configuration: Configuration
  private let scope: PromptScope

  /// Makes a prompt.
  public init(configuration: Configuration, scope: PromptScope = .anywhere) {
    self.configuration = configuration
    self.scope = scope
  }

  /// The name or path of the pinentry to use; `nil` if none can reach the user.
  public var pinentry: String? { Pinentry(configuration: configuration, scope: scope)?.program }

  /// Asks the user once.
  ///
  /// - Parameters:
  ///   - question: the texts to show.
  ///   - error: the problem with the last input; `nil` the first time.
  /// - Returns: the passphrase typed.
  /// - Throws: `PromptError` if the user cancelled or cannot be asked.
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
