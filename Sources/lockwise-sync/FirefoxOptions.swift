import ArgumentParser

/// The sign-in by the Firefox on this machine.
struct FirefoxOptions: ParsableArguments {
  @Flag(
    help: """
      Sign in by the Firefox on this machine, which stays signed in. The argument is then a profile's name or \
      directory; without one, the profile that is signed in is taken.
      """)
  var fromFirefox = false

  @Flag(help: "With --from-firefox: list the profiles and who is signed in there, and end.")
  var list = false

  func validate() throws {
    if list, !fromFirefox { throw ValidationError("--list goes with --from-firefox") }
  }
}
