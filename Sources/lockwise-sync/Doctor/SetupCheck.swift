import LockwiseCLI
import LockwiseCore
import LockwiseSetup

/// Checks which programs use the vault. `GitCheck` checks git.
struct SetupCheck {
  private(set) var findings: [Finding] = []

  init(_ environment: Environment) {
    guard let context = try? SetupContext(environment: environment, program: ExecutablePath.own) else { return }
    findings = [.ssh, .sudo, .pass, .direnv, .docker].map { Self.finding(context.step($0), context) }
  }

  private static func finding(_ step: any SetupStep, _ context: SetupContext) -> Finding {
    let name = step.name.rawValue
    let command = "lockwise-sync setup --\(name)"
    switch step.state() {
    case .setUp(let place): return .ok(name, "set up (\(place))")
    case .notSetUp: return .ok(name, "not set up", "set it up: \(command)")
    case .other(let other):
      return .ok(
        name, "not set up: it uses \(other)", step.replacesOther ? "replace it: \(command)" : step.manualChange)
    case .missing(let program): return .ok(name, "\(program) is not installed")
    case .unavailable(let reason, let remedy): return .ok(name, "not set up: \(reason)", remedy)
    }
  }
}
