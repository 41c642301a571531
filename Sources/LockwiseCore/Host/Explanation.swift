import Glibc

/// What people are told about an error, and the exit status that goes with it.
public struct Explanation: Equatable, Sendable {
  /// What happened.
  public let error: String
  /// What to do about it; may be empty.
  public let hints: [String]
  /// The exit status.
  public let exit: ExitCode

  /// Makes an explanation.
  public init(error: String, hints: [String] = [], exit: ExitCode) {
    self.error = error
    self.hints = hints
    self.exit = exit
  }

  /// Says it through `diagnostics`.
  public func report(to diagnostics: Diagnostics) {
    diagnostics.error(error)
    for hint in hints { diagnostics.hint(hint) }
  }
}

extension VaultError {
  /// What a pull can fetch again, or do without.
  private static let repairableParts: Set<String> = ["index", "buckets", "logins", "documents", "aside", "deleted"]

  /// What people are told about this error.
  public var explanation: Explanation {
    switch self {
    case .missing(let directory):
      Explanation(
        error: "there is no vault in \(directory)",
        hints: ["sign in first: lockwise-sync login --from-firefox, or login --browser, or login with the password"],
        exit: .notSignedIn)
    case .exists(let directory):
      Explanation(
        error: "there is a vault in \(directory) already",
        hints: ["sign out first (lockwise-sync logout), or name another directory in LOCKWISE_HOME"],
        exit: .failure)
    case .insecure(let path, let reason):
      Explanation(
        error: "\(path) cannot be trusted: \(reason)",
        hints: ["make it yours alone: chmod 700 for the directory, chmod 600 for its files"], exit: .vault)
    case .exposed(let problem):
      Explanation(
        error: "\(problem.path) cannot be trusted: \(problem.reason)",
        hints: ["let only you and root change the folders above the vault, or name another place in LOCKWISE_HOME"],
        exit: .vault)
    case .damaged(let part):
      Explanation(
        error: "the vault is damaged (\(part)); nothing in it was changed",
        hints: (Self.repairableParts.contains(part) ? ["repair it: lockwise-sync pull"] : []) + [
          "delete it (lockwise-sync logout --force) and sign in again: Firefox Sync still has the logins"
        ], exit: .vault)
    case .olderFormat(let found, let unsent):
      Explanation(
        error: "the vault has format \(found), from before the first release"
          + (unsent == 0
            ? "" : unsent == 1 ? "; 1 change in it was not uploaded" : "; \(unsent) changes in it were not uploaded"),
        hints: [
          "delete it (lockwise-sync logout --force) and sign in again: Firefox Sync still has the uploaded logins"
        ], exit: .vault)
    case .newerFormat(let found, let known):
      Explanation(
        error: "the vault has format \(found); this version knows format \(known)",
        hints: ["update lockwise; the vault was not touched"], exit: .vault)
    case .busy:
      Explanation(
        error: "another process keeps the vault locked", hints: ["try again in a moment"], exit: .busy)
    case .locked:
      Explanation(
        error: "the vault is locked", hints: ["unlock it: lockwise-sync unlock"], exit: .locked)
    case .wrongKey:
      Explanation(error: "the passphrase or key does not open the vault", exit: .locked)
    case .badKeySource(let reason):
      Explanation(error: reason, exit: .locked)
    case .unlockCommandDiffers:
      Explanation(
        error: "the vault opens with the output of another command than the configured one",
        hints: ["set unlock-command in the configuration file to the command that the vault was made with"],
        exit: .vault)
    case .noSuchSlot(let id):
      Explanation(error: "the vault has no slot \(id)", exit: .failure)
    case .lastSlot:
      Explanation(
        error: "cannot remove the last slot", hints: ["add another one first: lockwise-sync slots add"], exit: .failure)
    case .tooManySlots:
      Explanation(
        error: "cannot add a slot: the vault has as many as it may have",
        hints: ["remove one first: lockwise-sync slots remove"], exit: .failure)
    case .diskFull:
      Explanation(error: "the disk is full; nothing was changed", exit: .vault)
    case .readOnly:
      Explanation(
        error: "the vault cannot be written; nothing was changed",
        hints: ["look at the file's permissions and whether its disk is mounted read-only"], exit: .vault)
    case .system(let operation, let number):
      Explanation(
        error: "cannot \(operation)" + (number == 0 ? "" : ": \(String(cString: strerror(number)))"), exit: .vault)
    }
  }
}

extension Explanation {
  /// What people are told about an error of the core; an error of elsewhere becomes a plain failure.
  public init(of error: any Error) {
    switch error {
    case let error as VaultError: self = error.explanation
    case PromptError.cancelled: self.init(error: "cancelled", exit: .cancelled)
    case PromptError.nobodyThere:
      self.init(
        error: "the vault is locked and there is no terminal and no pinentry to ask at",
        hints: ["unlock it first where there is one: lockwise-sync unlock"], exit: .locked)
    case PromptError.pinentryMissing(let program):
      self.init(
        error: "the vault is locked and there is no terminal and no pinentry to ask at: cannot find \(program)",
        hints: ["install pinentry, or name one by its absolute path in the setting pinentry"], exit: .locked)
    case is CryptoError: self.init(error: "libcrypto refused an operation", exit: .failure)
    default: self.init(error: "something unexpected failed (\(type(of: error)))", exit: .failure)
    }
  }
}
