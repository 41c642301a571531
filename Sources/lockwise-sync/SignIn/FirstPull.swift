import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The pull at the end of a sign-in, and the lines that tell what the vault has then.
struct FirstPull {
  /// Whether a hint says how to let git use the vault.
  let showsNextSteps: Bool
  let context: SyncContext

  /// Fetches the logins of the account. The sign-in is stored by then and remains if this fails, so a failure is only
  /// reported.
  ///
  /// - Parameters:
  ///   - vault: the vault, unlocked and writable.
  ///   - account: the account's name.
  func run(_ vault: Vault, account: String) {
    // From here on a signal ends the process, as in `pull`.
    context.interruption.endReceived()
    do {
      guard let session = try SyncSession.open(context, vault: vault, mayBeCovered: false) else { return }
      let result = try session.synchronize(isShown: true)
      report(result.pull, source: account)
    } catch {
      let problem = UserFacingError(error)
      context.diagnostics.notice("you are signed in, but the logins were not fetched: \(problem.message)")
      let hints = problem.hints.isEmpty ? ["fetch them later: lockwise-sync pull"] : problem.hints
      for hint in hints { context.diagnostics.hint(hint) }
    }
  }

  /// Reports how many logins the vault has, and what is left to do.
  ///
  /// - Parameters:
  ///   - result: the first pull's result.
  ///   - source: where the logins come from.
  func report(_ result: PullResult, source: String) {
    context.diagnostics.notice("the vault has \(Quantity.of(result.totalLogins, "login")) from \(source)")
    result.showNotices(context.diagnostics)
    if result.totalSetAside > 0 {
      context.diagnostics.notice("\(Quantity.of(result.totalSetAside, "login")) cannot be used")
      context.diagnostics.hint("list them: lockwise-sync status")
    }
    if showsNextSteps, !GitCheck.callsLockwise(context.environment) {
      context.diagnostics.hint("let git use them: git-credential-lockwise configure")
    }
  }
}
