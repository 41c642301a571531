import LockwiseAccounts
import LockwiseCore

/// A user with scripted input, which records the questions and reports.
final class ScriptedQuestions: SignInQuestions {
  struct UserLeft: Error {}

  /// The inputs in order, after which the user leaves.
  var answers: [String]
  /// The number of pauses after which the user leaves.
  var timeout = Int.max
  var canAnswer = true
  private(set) var asked: [CodeKind] = []
  /// The errno that was reported with each question.
  private(set) var refusals: [Int?] = []
  private(set) var events: [SignInEvent] = []
  private(set) var paused: Seconds = 0

  init(_ answers: String...) { self.answers = answers }

  func code(for kind: CodeKind, after refusal: AccountsError?) throws -> SecretBytes {
    asked.append(kind)
    refusals.append(refusal?.errno)
    guard !answers.isEmpty else { throw UserLeft() }
    return SecretBytes(utf8: answers.removeFirst())
  }

  func report(_ event: SignInEvent) { events.append(event) }

  func pause(_ span: Seconds) throws {
    timeout -= 1
    guard timeout >= 0 else { throw UserLeft() }
    paused += span
  }
}
