import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// The options of the sign-in with the Firefox on this machine.
struct FirefoxOptions: ParsableArguments {
  @Flag(
    help: "Sign in with Firefox; the argument names the profile.")
  var fromFirefox = false

  @Flag(help: "With --from-firefox: list the profiles and their accounts.")
  var list = false

  func validate() throws {
    if list, !fromFirefox { throw ValidationError("--list requires --from-firefox") }
  }
}
