import ArgumentParser
import LockwiseSetup

/// The answers to the questions of `setup`: a flag for each step, and one to leave it out.
struct StepOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Let git use the vault.")
  var git: Bool?

  @Flag(inversion: .prefixedNo, help: "Let ssh ask lockwise-askpass.")
  var ssh: Bool?

  @Flag(inversion: .prefixedNo, help: "Let sudo -A ask lockwise-askpass.")
  var sudo: Bool?

  @Flag(inversion: .prefixedNo, help: "Let pass run lockwise-pass as an extension.")
  var pass: Bool?

  @Flag(inversion: .prefixedNo, help: "Give direnv the function use lockwise.")
  var direnv: Bool?

  @Flag(inversion: .prefixedNo, help: "Let docker keep its logins in the vault.")
  var docker: Bool?

  @Flag(inversion: .prefixedNo, help: "Pull every 15 minutes.")
  var timer: Bool?

  @Flag(inversion: .prefixedNo, help: "Lock the vault at suspend and with the screen.")
  var lockOnSuspend: Bool?

  /// Returns the answer for a step; `nil` if it was not given.
  func answer(_ step: StepName) -> Bool? {
    switch step {
    case .git: git
    case .ssh: ssh
    case .sudo: sudo
    case .pass: pass
    case .direnv: direnv
    case .docker: docker
    case .timer: timer
    case .lockOnSuspend: lockOnSuspend
    }
  }

  /// The steps to set up without a question. If there are any, all others are left out.
  var named: [StepName] { StepName.allCases.filter { answer($0) == true } }
}
