import Glibc

extension VaultError: UserFacingErrorConvertible {
  /// The parts of the vault that a pull restores, or does without.
  private static let repairableParts: Set<String> = ["index", "buckets", "logins", "documents", "aside", "deleted"]

  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    switch self {
    case .missing(let directory):
      UserFacingError(
        "there is no vault in \(directory)",
        hints: [
          "create it: lockwise-sync setup",
          "or only sign in: lockwise-sync login, with --local, --from-firefox or --browser, or with the password",
        ],
        exitCode: .notSignedIn)
    case .exists(let directory):
      UserFacingError(
        "cannot create a vault in \(directory): there is one already",
        hints: ["sign out first (lockwise-sync logout), or set LOCKWISE_HOME to another directory"],
        exitCode: .failure)
    case .insecure(let path, let reason):
      UserFacingError(
        "cannot trust \(path): \(reason)",
        hints: ["make it private: chmod 700 for the directory, chmod 600 for its files"], exitCode: .vault)
    case .exposed(let problem):
      UserFacingError(
        "cannot trust \(problem.path): \(problem.reason)",
        hints: [
          problem.hint
            ?? "let only yourself and root change the folders above the vault, or set LOCKWISE_HOME to another one"
        ],
        exitCode: .vault)
    case .damaged(let part):
      UserFacingError(
        "the vault is damaged (\(part)); nothing in it was changed",
        hints: Self.repairableParts.contains(part)
          ? [
            "repair it: lockwise-sync pull",
            "only if that fails, delete it (lockwise-sync logout --force) and sign in again; "
              + "changes that were not uploaded are then lost",
          ]
          : ["delete it (lockwise-sync logout --force) and sign in again: Firefox still has the logins"],
        exitCode: .vault)
    case .olderFormat(let found, let unsent):
      UserFacingError(
        "the vault has format \(found), from before the first release"
          + (unsent == 0
            ? "" : unsent == 1 ? "; 1 change in it was not uploaded" : "; \(unsent) changes in it were not uploaded"),
        hints: [
          "delete it (lockwise-sync logout --force) and sign in again: Firefox Sync still has the uploaded logins"
        ], exitCode: .vault)
    case .newerFormat(let found, let known):
      UserFacingError(
        "the vault has format \(found); this version supports format \(known)",
        hints: ["update lockwise; the vault was not changed"], exitCode: .vault)
    case .busy:
      UserFacingError(
        "another process is using the vault", hints: ["try again in a moment"], exitCode: .busy)
    case .locked:
      UserFacingError(
        "the vault is locked", hints: ["unlock it: lockwise-sync unlock"], exitCode: .locked)
    case .wrongKey:
      UserFacingError("the passphrase or key does not open the vault", exitCode: .locked)
    case .badKeySource(let reason):
      UserFacingError(reason, exitCode: .locked)
    case .unlockCommandDiffers:
      UserFacingError(
        "the configured unlock-command is not the one that opens the vault",
        hints: ["set unlock-command in the configuration file to the command that was given when the slot was added"],
        exitCode: .vault)
    case .noSuchSlot(let id):
      UserFacingError("the vault has no slot \(id)", exitCode: .failure)
    case .lastSlot:
      UserFacingError(
        "cannot remove the last slot", hints: ["add another one first: lockwise-sync slots add"], exitCode: .failure)
    case .tooManySlots:
      UserFacingError(
        "cannot add a slot: the vault has the maximum number",
        hints: ["remove one first: lockwise-sync slots remove"], exitCode: .failure)
    case .diskFull:
      UserFacingError("the disk is full; nothing was changed", exitCode: .vault)
    case .readOnly:
      UserFacingError(
        "cannot write to the vault; nothing was changed",
        hints: ["check the file's permissions and whether its disk is mounted read-only"], exitCode: .vault)
    case .system(let operation, let number):
      UserFacingError(
        "cannot \(operation)" + (number == 0 ? "" : ": \(String(cString: strerror(number)))"), exitCode: .vault)
    }
  }
}
