import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Checks the age and the state of the vault's logins.
struct CopyCheck {
  /// Helpers update logins older than 15 minutes whenever they are used.
  private static let timeout: Milliseconds = 86_400_000

  private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - vault: the unlocked vault, if there is one.
  ///   - directory: the vault's directory, which shows the age of a locked vault.
  ///   - now: the current time.
  init(vault: Vault?, directory: VaultDirectory, now: Milliseconds) {
    guard let vault else {
      if let pulled = directory.lastPull { findings.append(Self.age(now - pulled, logins: nil)) }
      return
    }
    do {
      let state = try vault.syncState()
      guard let pulled = state.lastSuccess else {
        findings.append(.warn("copy", "nothing fetched yet", "fetch the logins: lockwise-sync pull"))
        return
      }
      findings.append(Self.age(now - pulled, logins: try vault.loginCount()))
      findings += state.notices.map { .warn("copy", $0.description, $0.hint) }
      let waiting = try vault.outboxCount()
      if waiting > 0 {
        if case .profile = try VaultSource.load(from: vault) {
          findings.append(.ok("changes", Quantity.of(waiting, "change") + " made here, only in the vault"))
        } else {
          let text = Quantity.of(waiting, "change") + " not uploaded yet"
          findings.append(.warn("outbox", text, "upload them: lockwise-sync push"))
        }
      }
      let aside = try vault.setAsideRecords().count
      if aside > 0 {
        findings.append(
          .warn(
            "records", aside == 1 ? "1 record is not a valid login" : "\(aside) records are not valid logins",
            "list them: lockwise-sync status"))
      }
    } catch {
      findings.append(.fail("copy", error))
    }
  }

  private static func age(_ age: Milliseconds, logins: Int?) -> Finding {
    guard age > -60_000 else {
      return .warn(
        "copy", "the last pull is dated in the future: a clock was wrong", "fetch what changed: lockwise-sync pull")
    }
    let text = "pulled \(Age.text(age))" + (logins.map { ", " + Quantity.of($0, "login") } ?? "")
    return age < timeout
      ? .ok("copy", text) : .warn("copy", text, "fetch what changed: lockwise-sync pull")
  }
}
