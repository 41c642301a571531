import Glibc
import LockwiseCore

extension AccountsError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError { userFacingError(now: WallClock.system.now()) }

  /// Returns the error as a program shows it at a time.
  ///
  /// - Parameter now: the current time, for the time of day at which a wait ends.
  func userFacingError(now: Milliseconds) -> UserFacingError {
    let text = text
    let number = errno.flatMap { needsReport($0, text.hint) ? " (errno \($0))" : nil }
    return UserFacingError(
      text.message + (number ?? ""),
      hints: [text.hint, retryAfter.map { Self.end(ofWait: $0, now: now) }].compactMap(\.self),
      exitCode: isThrottled ? .busy : isServerTrouble ? .unreachable : .refused)
  }

  private static func end(ofWait wait: Seconds, now: Milliseconds) -> String {
    "the wait ends at " + (Seconds(now + 999) + wait).localTime.suffix(5)
  }

  private var text: ErrorText {
    switch self {
    case .refused(let refusal): refusal.text
    case .verificationPending(let step): ErrorText(step.message, step.hint)
    case .linkNotOpened:
      ErrorText(
        "the link sent by e-mail was not opened within ten minutes", "sign in again to get a new link")
    case .edge(let status, _): Self.edgeAdvice(status, wait: retryAfter)
    case .unexpectedResponse(let status):
      ErrorText(
        "the response did not come from a Mozilla accounts server (HTTP \(status))",
        "check the server's address, or try again later")
    case .missingField(let name, .discovery):
      ErrorText("the server's discovery response has no usable \(name)", "check the server's address")
    case .missingField(let name, let answer):
      ErrorText("the server's \(answer.rawValue) response has no usable \(name)", "try again later")
    case .noDiscovery(let status):
      ErrorText(
        "there is no Mozilla accounts server at this address (HTTP \(status))", "check the server's address"
      )
    case .refusedClientSalt:
      ErrorText(
        "the server sent an unsafe salt", "check the server's address; nothing was sent")
    case .tamperedKeyBundle:
      ErrorText("the account's keys are damaged or forged", "sign in again")
    case .noSyncKey:
      ErrorText("the server did not give this client a Sync key", "check --client-id")
    case .noCertificates:
      ErrorText(
        "the server does not support BrowserID, nor have Mozilla's own since 2024",
        "sign in without --browserid")
    case .unexpectedScope:
      ErrorText("the server granted a different scope than requested", "check the server's address")
    case .redirected(let origin):
      ErrorText(
        "the server redirects to \(origin ?? "an unusable address")",
        origin.map { "if that is the right server, name it: --server \($0)" } ?? "check the server's address")
    case .noRedirectAddress:
      ErrorText("the client id has no redirect address for a browser", Advice.client)
    case .devicesRefused:
      ErrorText(
        "the accounts server refuses to list devices, though the sign-in is still valid",
        "try again later; pull and push are not affected")
    }
  }

  private static func edgeAdvice(_ status: Int, wait: Seconds?) -> ErrorText {
    let pause = wait.map(RetryAfter.hint)
    return switch status {
    case 406:
      ErrorText(
        "Mozilla's servers require a browser for this sign-in",
        Advice.browser)
    case 429: ErrorText("too many requests", pause)
    case 403:
      ErrorText(
        "a proxy or firewall in front of the accounts server refused the request",
        (pause.map { $0 + "; or " } ?? "") + Advice.browser)
    default: ErrorText("the accounts server is not available", pause ?? "try again later")
    }
  }

  private func needsReport(_ errno: Int, _ hint: String?) -> Bool {
    guard case .refused = self else { return false }
    guard let known = AccountsErrno(rawValue: errno) else { return !(224...238).contains(errno) }
    return known == .invalidParameter || [Advice.report, Advice.client].contains(hint)
  }
}
