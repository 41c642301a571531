import LockwiseCLI
import LockwiseCore

/// Checks the programs that prompt for ssh, sudo, git and lockwise.
struct PromptCheck {
  private(set) var findings: [Finding] = []

  init(_ configuration: Configuration) {
    let environment = configuration.environment
    for name in ["SSH_ASKPASS", "SUDO_ASKPASS", "GIT_ASKPASS"] {
      findings.append(Self.askpass(name, environment))
    }
    if let program = PassphrasePrompt(configuration: configuration).pinentry {
      let path = ProgramSearch(environment).find(program)
      findings.append(
        path.map { .ok("pinentry", $0) }
          ?? .warn(
            "pinentry", "\(program) is missing; only the terminal asks for passphrases", "install pinentry"))
    } else {
      findings.append(
        .ok("pinentry", "not used without a display or GPG_TTY; lockwise asks at the terminal"))
    }
  }

  private static func askpass(_ name: String, _ environment: Environment) -> Finding {
    guard let program = environment[name] else { return .ok(name, "not set") }
    guard ProgramSearch(environment).find(program) != nil else {
      return .fail(name, "cannot find \(program)", "correct or unset \(name)")
    }
    return .ok(name, program)
  }
}
