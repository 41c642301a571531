import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The output of `login --list`.
enum FirefoxList {
  private static let heading = [
    "APPLICATION", "PROFILE", "LOGINS", "SIGNED IN AS", "SERVER", "PRIMARY PASSWORD", "DIRECTORY",
  ]

  /// Returns the profiles with their public properties.
  ///
  /// - Throws: `FirefoxError` if there is none, or the list of profiles cannot be read.
  static func lines(_ context: SyncContext) throws -> [String] {
    let profiles = try FirefoxProfiles(environment: context.environment).all
    guard !profiles.isEmpty else { throw FirefoxError.noProfile }
    let places = context.placesForCopies
    return TextTable.lines(
      [heading]
        + profiles.map { profile in
          [
            profile.application, profile.name, logins(profile, places), account(profile), server(profile),
            password(profile, places), profile.directory,
          ].map { PrintableText.of($0) }
        })
  }

  private static func logins(_ profile: FirefoxProfile, _ places: [String]) -> String {
    do {
      return String(try ProfileLogins(of: profile.directory, copyIn: places).count)
    } catch FirefoxError.noLogins {
      return "0"
    } catch {
      return "?"
    }
  }

  private static func account(_ profile: FirefoxProfile) -> String {
    do {
      guard let account = try FirefoxAccount(of: profile) else { return "-" }
      return account.isVerified ? account.email : "\(account.email) (not confirmed)"
    } catch {
      return "?"
    }
  }

  private static func server(_ profile: FirefoxProfile) -> String {
    (try? FirefoxServers(of: profile))?.name ?? "?"
  }

  private static func password(_ profile: FirefoxProfile, _ places: [String]) -> String {
    switch FirefoxKeys.needsPrimaryPassword(profile, copyIn: places) {
    case true?: "yes"
    case false?: "no"
    case nil: "-"
    }
  }
}
