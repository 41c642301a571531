import LockwiseCLI
import LockwiseCore

/// ssh or sudo, which asks `lockwise-askpass` if variables name it.
struct AskpassStep: SetupStep {
  private static let helper = "lockwise-askpass"

  let name: StepName
  private let context: SetupContext
  private let variable: String

  init(_ name: StepName, context: SetupContext) {
    self.name = name
    self.context = context
    variable = name == .sudo ? "SUDO_ASKPASS" : "SSH_ASKPASS"
  }

  /// sudo is the exception: a saved password makes root of every program that runs as the user.
  var isRecommended: Bool { name != .sudo }

  /// The lines come last, so their value applies.
  var replacesOther: Bool { true }

  var manualChange: String { "add the lines yourself: \(Self.helper) configure \(name.rawValue)" }

  private var block: StartFileBlock {
    let helper = context.program(Self.helper) ?? Self.helper
    var variables = [(name: variable, value: helper)]
    // Without this one, ssh asks lockwise-askpass only if there is no terminal (ssh(1), ENVIRONMENT).
    if name == .ssh { variables.append((name: "SSH_ASKPASS_REQUIRE", value: "force")) }
    return StartFileBlock(context: context, step: name, variables: variables, program: helper)
  }

  func state() -> StepState {
    guard context.search.find(name.rawValue) != nil else { return .missing(program: name.rawValue) }
    guard context.program(Self.helper) != nil else { return .missing(program: Self.helper) }
    let file = block.state(isOwn: Self.isHelper)
    if case .present(let place) = file { return .setUp(place) }
    if let value = context.environment[variable] {
      return Self.isHelper(value) ? .setUp("\(variable) in the environment") : .other("\(value) (\(variable))")
    }
    if case .unusable(let reason) = file { return .unavailable(reason, remedy: manualChange) }
    return .notSetUp
  }

  /// Whether a value names a `lockwise-askpass` that is there.
  private static func isHelper(_ value: String) -> Bool {
    value.hasSuffix("/" + helper) && ProgramSearch.isExecutable(value)
  }

  func proposal() -> String {
    switch name {
    case .sudo:
      "adds \(block.description): sudo -A asks lockwise-askpass. If you save its password, every program that "
        + "runs as you can become root while the vault is unlocked"
    default:
      "adds \(block.description): from the next login on, ssh asks lockwise-askpass for passwords and passphrases"
    }
  }

  func apply() throws -> [String] {
    try block.add()
    return []
  }

  func revert(_ change: SetupChange) throws -> Reversion { try block.revert(change) }
}
