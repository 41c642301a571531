import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// Provides the codes for a sign-in and reports its progress.
final class LoginQuestions: SignInQuestions {
  private let source: CodeSource?
  private let context: SyncContext
  private let progress = ProgressLine(isShown: isatty(2) == 1)
  private var isWaiting = false

  /// - Parameter source: the source of codes; `nil` if there is none.
  init(_ source: CodeSource?, _ context: SyncContext) {
    self.source = source
    self.context = context
  }

  var canAnswer: Bool { source != nil }

  func code(for kind: CodeKind, after refusal: AccountsError?) throws -> SecretBytes {
    guard let source else { throw PromptError.cancelled }
    do {
      return try source.code(for: kind, after: refusal, context)
    } catch PromptError.cancelled {
      // A signal that ended the prompt must not end the clean-up as well.
      context.interruption.consume()
      throw PromptError.cancelled
    }
  }

  func report(_ event: SignInEvent) {
    switch event {
    case .codeMailed(.unblock):
      context.diagnostics.notice("the sign-in is blocked until you enter the code that was just mailed to you")
    case .codeMailed: context.diagnostics.notice("a new code was mailed to you")
    case .waitingForLink(let left):
      if !isWaiting {
        context.diagnostics.notice("open the link that was mailed to you; lockwise-sync continues after that")
        isWaiting = true
      }
      let rest = String(left.rawValue % 60)
      progress.show("waiting for the link, \(left.rawValue / 60):\(rest.count < 2 ? "0" : "")\(rest) minutes left")
    case .throttled(let pause):
      context.diagnostics.notice(
        "the server asks for a pause of \(Quantity.duration(pause)); the sign-in continues after that")
    case .recoveryCodesLeft(let count): context.diagnostics.notice("recovery codes left: \(count)")
    }
  }

  func pause(_ span: Seconds) throws {
    try context.interruption.wait(milliseconds: Int32(clamping: Milliseconds(span).rawValue))
  }

  /// Removes the progress line.
  func clear() {
    if isWaiting { progress.clear() }
    isWaiting = false
  }
}
