import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// The logins that git is not offered because a host refused them.
struct RefusalCheck {
  let findings: [Finding]

  /// - Parameters:
  ///   - vault: the vault if it is unlocked.
  ///   - now: milliseconds since 1970.
  init(vault: Vault?, now: Int64) {
    let refused = (try? vault?.refusedLogins(now: now / 1000)) ?? []
    findings = refused.map { login in
      .warn(
        "refused",
        "\(login.origin) refused \(login.name): git is not offered it until \(TimeSpan.localTime(login.until))",
        "type a token when git asks, or change the password in Firefox")
    }
  }
}
