import LockwiseCLI
import LockwiseCore

/// A systemd unit of the user that is enabled: the timer that pulls, or the service that locks the vault.
struct UnitStep: SetupStep {
  let name: StepName
  private let context: SetupContext
  private let unit: String

  init(_ name: StepName, context: SetupContext) {
    self.name = name
    self.context = context
    unit = name == .timer ? "lockwise-pull.timer" : "lockwise-lock.service"
  }

  var manualChange: String { "enable it yourself: systemctl --user enable --now \(unit)" }

  /// The folder of the links to enabled units. systemctl makes it, and does not remove it.
  private var folder: String { context.configurationFolder + "/systemd/user/" }

  func state() -> StepState {
    // The service reads the signals of systemd-logind with gdbus.
    for program in ["systemctl"] + (name == .lockOnSuspend ? ["gdbus"] : []) {
      guard context.search.find(program) != nil else { return .missing(program: program) }
    }
    // It fails if no manager of the user runs, as in most containers and over su(1).
    guard systemctl("show", "--property=Version") != nil else {
      return .unavailable("no systemd manager of the user is running")
    }
    switch systemctl("is-enabled", unit, mayFail: true) {
    case "enabled", "enabled-runtime", "linked", "linked-runtime": return .setUp(unit)
    case "disabled": return .notSetUp
    case "masked", "masked-runtime": return .other("\(unit) is masked")
    default: return .unavailable("the unit \(unit) is not installed")
    }
  }

  func proposal() -> String {
    guard name == .timer else { return "enables \(unit): locks the vault at suspend and with the screen" }
    // The condition of lockwise-pull.service names this path.
    let place = context.home + "/.local/state/lockwise"
    let isElsewhere = context.vault.map { $0 != place } ?? false
    return "enables \(unit): pulls every 15 minutes, also while nothing uses the vault"
      + (isElsewhere ? ". It pulls only a vault in \(context.shown(place)), and yours is elsewhere" : "")
  }

  func apply() throws -> [String] {
    var change = SetupChange(step: name.rawValue)
    change.units = [unit]
    change.folders = Folders.missing(above: folder)
    let made = change
    try context.record.update { $0.changes.append(made) }
    guard systemctl("enable", "--now", unit) != nil else {
      try context.record.update { record in record.changes.removeAll { $0 == made } }
      throw UserFacingError("cannot enable \(unit)", exitCode: .failure)
    }
    return []
  }

  func revert(_ change: SetupChange) throws -> Reversion {
    var disabled: [String] = []
    for unit in change.units where systemctl("is-enabled", unit, mayFail: true) == "enabled" {
      guard systemctl("disable", "--now", unit) != nil else {
        throw UserFacingError("cannot disable \(unit)", exitCode: .failure)
      }
      disabled.append(unit)
    }
    Folders.removeEmpty(change.folders)
    return disabled.isEmpty
      ? .gone("\(change.units.joined(separator: " ")) is not enabled")
      : .undone("disabled \(disabled.joined(separator: " "))")
  }

  /// Runs `systemctl --user`.
  ///
  /// - Parameter mayFail: whether the output matters whatever the status.
  /// - Returns: the first line of its output; `nil` if it failed.
  private func systemctl(_ arguments: String..., mayFail: Bool = false) -> String? {
    let run = try? ChildProcess.exchange(
      with: "systemctl", ["--user", "--no-ask-password"] + arguments, environment: context.environment,
      errors: .discarded, timeout: 30_000)
    guard let run, run.ending == .exited(0) || mayFail else { return nil }
    return (run.output.exposedText() ?? "").split(separator: "\n").first.map(String.init) ?? ""
  }
}
