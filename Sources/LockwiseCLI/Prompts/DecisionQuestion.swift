/// A decision that the user made.
package enum Decision: Equatable, Sendable {
  case yes
  case no
  /// No, and the question must not be asked again.
  case never
}

/// A question that is answered with yes or no, in the words of pinentry and of the terminal. Without an answer
/// it means no.
package struct DecisionQuestion: Sendable {
  /// The texts. The line ends with the possible answers, such as `[y/N/never] `.
  package let texts: PassphraseQuestion
  /// The label of pinentry's button for yes.
  package let yes: String
  /// The label of pinentry's button for no.
  package let no: String
  /// The label of pinentry's button for never; `nil` if the question has no such answer.
  package let never: String?
  /// Whether only the whole word `yes` means yes at the terminal, as for ssh.
  package let needsWholeWord: Bool

  /// Makes a question.
  package init(texts: PassphraseQuestion, yes: String, no: String, never: String? = nil, needsWholeWord: Bool) {
    self.texts = texts
    self.yes = yes
    self.no = no
    self.never = never
    self.needsWholeWord = needsWholeWord
  }

  /// Returns the decision that a line typed at the terminal means.
  package func decision(typed line: String) -> Decision {
    switch line.lowercased() {
    case "yes": .yes
    case "y": needsWholeWord ? .no : .yes
    case "never": never == nil ? .no : .never
    default: .no
    }
  }
}
