import LockwiseCore

/// What the user is asked for, in the words of pinentry and of the terminal.
public struct PassphraseQuestion: Equatable, Sendable {
  /// The title of pinentry's window.
  public let title: String
  /// The text in pinentry's window.
  public let description: String
  /// The text in front of pinentry's input field.
  public let label: String
  /// The prompt at the terminal, with a colon and a space at its end. Front ends of git recognise ssh's form, `Enter
  /// passphrase for key '…': `, and show a window for it.
  public let line: String

  /// Makes a question.
  public init(title: String = "Lockwise", description: String, label: String = "Passphrase:", line: String) {
    self.title = title
    self.description = description
    self.label = label
    self.line = line
  }
}

/// Asks the user for a passphrase or another line, with pinentry if it works, else at the terminal.
public struct PassphrasePrompt {
  private let configuration: Configuration
  private let scope: PromptScope
  private let sendsInterrupt: Bool

  /// Makes a prompt.
  ///
  /// - Parameters:
  ///   - configuration: `LOCKWISE_PINENTRY` and the environment apply.
  ///   - scope: where the user may be asked.
  ///   - sendsInterrupt: whether Ctrl-C at the terminal ends this process and its group, as it does at most programs'
  ///     own prompts. If not, it cancels the prompt only.
  public init(configuration: Configuration, scope: PromptScope = .anywhere, sendsInterrupt: Bool = false) {
    self.configuration = configuration
    self.scope = scope
    self.sendsInterrupt = sendsInterrupt
  }

  /// The name or path of the pinentry to use; `nil` if none can reach the user.
  public var pinentry: String? { Pinentry(configuration: configuration, scope: scope)?.program }

  /// Asks the user once for a secret.
  ///
  /// - Parameters:
  ///   - question: the texts to show.
  ///   - error: the problem with the last input; `nil` the first time.
  /// - Returns: the text typed.
  /// - Throws: `PromptError` if the user cancelled or cannot be asked.
  public func ask(_ question: PassphraseQuestion, error: String? = nil) throws -> SecretBytes {
    if let answer = try Pinentry(configuration: configuration, scope: scope)?.ask(question, error: error) {
      return answer
    }
    return try atTerminal { terminal in
      if let error { terminal.show(error) }
      return try terminal.askSecret(question.line)
    }
  }

  /// Asks the user once for a text that is not secret. The terminal comes first, because it shows what is typed.
  ///
  /// - Parameters: as for `ask`.
  /// - Returns: the text typed.
  /// - Throws: `PromptError` if the user cancelled or cannot be asked.
  package func askVisibly(_ question: PassphraseQuestion, error: String? = nil) throws -> SecretBytes {
    do {
      return try atTerminal { terminal in
        if let error { terminal.show(error) }
        return try terminal.askText(question.line)
      }
    } catch let failure where failure as? PromptError != .cancelled {
      let pinentry = Pinentry(configuration: configuration, scope: scope)
      guard let answer = try pinentry?.ask(question, error: error) else { throw failure }
      return answer
    }
  }

  /// Asks the user for a decision.
  ///
  /// - Returns: no if the user cancelled.
  /// - Throws: `PromptError` if the user cannot be asked.
  package func decide(_ question: DecisionQuestion) throws -> Decision {
    if let decision = Pinentry(configuration: configuration, scope: scope)?.decide(question) { return decision }
    do {
      return try atTerminal { terminal in
        question.decision(typed: try terminal.ask(question.texts.line))
      }
    } catch PromptError.cancelled {
      return .no
    }
  }

  /// Shows a message: in a window until the user closes it, else as a line at the terminal.
  ///
  /// - Parameter interruption: ends the message.
  /// - Throws: `PromptError.cancelled` if a signal was received; `PromptError` if there is no place to show it.
  package func show(_ question: PassphraseQuestion, until interruption: Interruption) throws {
    let window = scope == .nowhere ? nil : Pinentry(configuration: configuration, scope: .window)
    if let window, try window.show(question, until: interruption) { return }
    try atTerminal { terminal in terminal.show(question.line) }
  }

  private func atTerminal<Result>(_ body: (TerminalPrompt) throws -> Result) throws -> Result {
    guard scope == .anywhere, let terminal = TerminalPrompt(sendsInterrupt: sendsInterrupt) else {
      if scope != .nowhere, let program = pinentry, ProgramSearch(configuration.environment).find(program) == nil {
        throw PromptError.pinentryMissing(program: program)
      }
      throw PromptError.nobodyThere
    }
    defer { terminal.finish() }
    return try body(terminal)
  }
}
