import LockwiseCLI
import Testing

@Suite struct DecisionQuestionTests {
  private func question(never: String? = nil, needsWholeWord: Bool) -> DecisionQuestion {
    DecisionQuestion(
      texts: PassphraseQuestion(description: "d", line: "l "), yes: "Yes", no: "No", never: never,
      needsWholeWord: needsWholeWord)
  }

  @Test(arguments: [
    ("yes", Decision.yes), ("YES", .yes), ("y", .no), ("", .no), ("no", .no), ("never", .no), ("yes ", .no),
    ("yesyes", .no), ("ye", .no), ("true", .no), ("1", .no),
  ]) func needsTheWholeWordForConsent(line: String, decision: Decision) {
    #expect(question(needsWholeWord: true).decision(typed: line) == decision)
  }

  @Test(arguments: [
    ("yes", Decision.yes), ("y", .yes), ("Y", .yes), ("", .no), ("n", .no), ("N", .no), ("never", .never),
    ("NEVER", .never), ("nev", .no), ("ja", .no),
  ]) func acceptsALetterForAnOffer(line: String, decision: Decision) {
    #expect(question(never: "Never", needsWholeWord: false).decision(typed: line) == decision)
  }
}
