import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The run of `login --local`: makes a local profile the source of the vault's logins, and reads it.
struct LocalLogin {
  let options: FirefoxOptions
  /// A profile's name or directory; `nil` for the one that has logins.
  let profile: String?
  /// Reports the result.
  let firstPull: FirstPull
  let context: SyncContext

  /// Reads the profile before the vault is created or changed.
  ///
  /// - Throws: `FirefoxError`, `VaultError`, `PromptError`, `UserFacingError`.
  func run(_ target: SignInTarget) throws {
    let profile = try FirefoxProfiles(environment: context.environment)
      .choose(local: profile, copyIn: context.placesForCopies)
    let logins = try ProfileLogins(of: profile.directory, copyIn: context.placesForCopies)
    var source = LocalSource(profile)
    try target.check(.profile(source))
    let key = try PrimaryPassword(context, command: options.passwordCommand)
      .key(of: logins, kept: target.keptKey(of: source), profile: profile.name)
    if options.remember { source.key = key.secret }
    let vault = try target.keep(source)
    guard let lock = try PullLock.acquire(context.directory, now: context.clock.now, yields: false) else { return }
    defer { lock.release() }
    let pull = LocalPull(source: source, mirror: vault, now: context.clock.now)
    let result = try pull.read(logins, with: key, started: context.clock.now())
    lock.notePulled()
    firstPull.report(result, source: PrintableText.of(source.description))
  }
}
