/// The meaning of `SSH_ASKPASS_PROMPT` (ssh-agent(1), OpenSSH 8.2 and later).
enum PromptHint: Equatable, Sendable {
  /// A question with a typed answer. ssh also leaves an inherited hint in the environment for such a question.
  case question
  /// A question of consent. Status 0 and no output are a yes.
  case consent
  /// A notice, which is shown until the process is ended.
  case notice

  /// Reads the variable's value; `nil` if it is not set.
  init(_ value: String?) {
    self =
      switch value {
      case "confirm": .consent
      case "none": .notice
      default: .question
      }
  }
}
