import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Checks the profile that the vault's logins come from.
struct ProfileCheck {
  private(set) var findings: [Finding] = []

  /// - Parameter vault: the vault if it is unlocked.
  init(vault: Vault?, _ context: SyncContext) {
    guard let vault, let source = try? VaultSource.load(from: vault), case .profile(let profile) = source else {
      return
    }
    let name = PrintableText.of(profile.description)
    do {
      let logins = try ProfileLogins(of: profile.directory, copyIn: context.placesForCopies)
      findings.append(.ok("profile", "\(name), \(Quantity.of(logins.count, "login")) in \(logins.file)"))
      if try logins.hasPrimaryPassword { checkKey(profile, logins) }
      if profile.files != logins.version {
        findings.append(.warn("profile", "Firefox changed it since the last pull", "read it: lockwise-sync pull"))
      }
    } catch {
      findings.append(.fail("profile", error))
    }
  }

  private mutating func checkKey(_ profile: LocalSource, _ logins: ProfileLogins) {
    let remedy = "keep the key in the vault: lockwise-sync login --local --remember"
    guard let key = profile.key else {
      findings.append(.warn("primary password", "needed for each pull, so none runs in the background", remedy))
      return
    }
    do {
      _ = try logins.key(kept: key)
      findings.append(.ok("primary password", "the vault keeps the profile's key"))
    } catch {
      findings.append(.warn("primary password", "changed since the vault keeps the profile's key", remedy))
    }
  }
}
