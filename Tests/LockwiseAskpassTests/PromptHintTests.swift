import Testing

@testable import LockwiseAskpass

/// The variable `SSH_ASKPASS_PROMPT`.
@Suite struct PromptHintTests {
  @Test(
    arguments: [
      (nil, .question), ("", .question), ("confirm", .consent), ("none", .notice), ("CONFIRM", .question),
      ("confirm ", .question),
    ] as [(String?, PromptHint)])
  func valueSelectsHint(value: String?, expected: PromptHint) {
    #expect(PromptHint(value) == expected)
  }
}
