import LockwiseCLI
import LockwiseCore

/// Asks the user a question.
struct PersonAnswer {
  /// The question.
  let context: PromptContext

  private var prompt: PassphrasePrompt {
    PassphrasePrompt(configuration: context.helper.configuration, scope: context.scope, sendsInterrupt: true)
  }

  /// Asks for a typed answer.
  ///
  /// - Parameter note: what the user needs to know, such as the problem with the last input; `nil` for nothing.
  /// - Returns: the answer, which may be empty.
  /// - Throws: `PromptError` if the user cancelled or cannot be asked.
  func ask(note: String?) throws -> SecretBytes {
    let question = ShownPrompt(of: context).question
    guard context.question.isVisible else { return try prompt.ask(question, error: note) }
    switch context.question {
    case .hostKey, .yesOrNo:
      // A window cannot show what is typed, but it can have buttons.
      guard TerminalPrompt.isAvailable, context.scope == .anywhere else {
        let decision = try prompt.decide(
          DecisionQuestion(texts: question, yes: "Yes", no: "No", needsWholeWord: true))
        return SecretBytes(utf8: decision == .yes ? "yes" : "no")
      }
      return try prompt.askVisibly(question, error: note)
    default: return try prompt.askVisibly(question, error: note)
    }
  }

  /// Asks for consent.
  ///
  /// - Returns: whether the user agrees.
  /// - Throws: `PromptError` if the user cannot be asked.
  func consents() throws -> Bool {
    let text = ShownPrompt(of: context).text
    return try prompt.decide(
      DecisionQuestion(
        texts: PassphraseQuestion(description: text, line: text + " (yes/no) "), yes: "Yes", no: "No",
        needsWholeWord: true)) == .yes
  }

  /// Asks for a decision.
  ///
  /// - Throws: `PromptError` if the user cannot be asked.
  func decide(_ question: DecisionQuestion) throws -> Decision { try prompt.decide(question) }

  /// Shows a notice until a signal is received or the parent has ended. Without a place to show it, only waits.
  ///
  /// - Parameter parent: the parent of this process at its start.
  func showNotice(parent: Int32) {
    let interruption = Interruption()
    interruption.begin()
    do {
      try prompt.show(ShownPrompt(of: context).question, until: interruption)
      try wait(interruption, parent: parent)
    } catch PromptError.cancelled {
      return
    } catch {
      try? wait(interruption, parent: parent)
    }
  }

  private func wait(_ interruption: Interruption, parent: Int32) throws {
    // The signal at the parent's end is sent only if it ends from now on.
    while ParentWatch.isAlive(parent) { try interruption.wait(milliseconds: 1000) }
  }
}
