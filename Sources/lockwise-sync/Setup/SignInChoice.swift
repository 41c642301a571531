import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// Where the logins of a new vault come from.
enum SignInChoice: String, CaseIterable, ExpressibleByArgument {
  /// Firefox Sync, signed in with the Firefox on this machine.
  case firefox
  /// The Firefox on this machine.
  case local
  /// Firefox Sync, signed in in a browser.
  case browser
  /// Firefox Sync, signed in with the account's password.
  case password
  /// No vault is made.
  case none

  /// Whether an argument names a profile.
  var namesProfile: Bool { self == .firefox || self == .local }
}

/// A choice with its profile or account, as `setup` offers it.
struct SignInOffer {
  let choice: SignInChoice
  /// A profile, or an e-mail address; `nil` to find or to ask for it.
  let argument: String?
  /// What the user chooses.
  let text: String

  /// Returns what this machine offers: signed-in profiles, profiles with logins, and the ways without Firefox.
  static func all(_ context: SyncContext) -> [SignInOffer] {
    let profiles = (try? FirefoxProfiles(environment: context.environment).all) ?? []
    let signedIn = profiles.compactMap { profile -> SignInOffer? in
      guard let account = try? FirefoxAccount(of: profile), account.isVerified else { return nil }
      return SignInOffer(
        choice: .firefox, argument: profile.directory,
        text: "Firefox Sync: \(account.email), signed in with \(name(profile))")
    }
    let local = profiles.compactMap { profile -> SignInOffer? in
      let logins = try? ProfileLogins(of: profile.directory, copyIn: context.placesForCopies).count
      guard let logins, logins > 0 else { return nil }
      return SignInOffer(
        choice: .local, argument: profile.directory,
        text: "\(name(profile)): its \(Quantity.of(logins, "login")), without an account")
    }
    return signedIn + local + [
      SignInOffer(choice: .browser, argument: nil, text: "Firefox Sync: sign in in a browser"),
      SignInOffer(choice: .password, argument: nil, text: "Firefox Sync: sign in with the account's password"),
      SignInOffer(choice: .none, argument: nil, text: "do not create the vault now"),
    ]
  }

  private static func name(_ profile: FirefoxProfile) -> String {
    "\(profile.application), profile \(PrintableText.of(profile.name))"
  }
}
