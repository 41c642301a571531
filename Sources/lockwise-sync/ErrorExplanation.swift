import Glibc
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

extension Explanation {
  /// What people are told about an error of any module, and the exit status that goes with it.
  init(ofAny error: any Error) {
    switch error {
    case let error as Explained: self = error.explanation
    case let error as AccountsError:
      self.init(
        error: error.description, hints: [error.hint, error.retryAfter.map(Self.until)].compactMap(\.self),
        exit: error.isThrottled ? .busy : error.isServerTrouble ? .unreachable : .refused)
    case let error as BrowserSignInError:
      self.init(
        error: error.description, hints: [error.hint], exit: error == .notAnAnswer ? .usage : .refused)
    case HTTPError.aborted: self.init(error: "cancelled", exit: .cancelled)
    case let error as HTTPError:
      self.init(error: error.description, hints: [error.hint].compactMap(\.self), exit: .unreachable)
    case let error as SignInRequired:
      self.init(error: error.description, hints: [error.hint], exit: .refused)
    case let error as FirefoxError:
      self.init(error: error.description, hints: [error.hint].compactMap(\.self), exit: ExitCode(error))
    case let error as TokenServerError:
      self.init(
        error: error.description, hints: [error.hint],
        exit: error.isBusy ? .busy : error.isServerTrouble ? .unreachable : .refused)
    case let error as DocumentError:
      self.init(
        error: error.description, hints: ["sign out and in again; Firefox Sync still has the logins"],
        exit: .vault)
    case let error as any ExplainedError:
      self.init(
        error: error.description, hints: [error.hint].compactMap(\.self), exit: ExitCode(error.exit))
    default: self.init(of: error)
    }
  }

  private static func until(_ seconds: Int64) -> String {
    var time = time_t((WallClock.system.now() + 999) / 1000 + seconds)
    var local = tm()
    localtime_r(&time, &local)
    var text = [CChar](repeating: 0, count: 16)
    let count = strftime(&text, text.count, "%H:%M", &local)
    return "that is at " + String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// An error of a command that says itself what people are told.
struct Explained: Error {
  let explanation: Explanation

  init(_ error: String, hints: [String] = [], exit: ExitCode) {
    explanation = Explanation(error: error, hints: hints, exit: exit)
  }
}

extension ExitCode {
  /// The exit status for what is wrong with the Firefox on this machine.
  init(_ error: FirefoxError) {
    self =
      switch error {
      case .unknownProfile, .ambiguousProfile, .otherServer: .usage
      case .notSignedIn, .notVerified, .noSyncKey, .outdatedSyncKey, .sessionGone, .noDuplicateSession,
        .wrongPrimaryPassword:
        .refused
      case .busy: .busy
      case .noProfile, .oldFormat, .changedFormat, .missingFile, .unreadable: .failure
      }
  }

  /// The exit status for a kind of trouble with the storage.
  init(_ category: ExitCategory) {
    self =
      switch category {
      case .network, .server: .unreachable
      case .authentication: .refused
      case .serverState: .serverState
      case .busy: .busy
      case .interrupted: .cancelled
      }
  }
}
