import LockwiseCore

/// A program or a service that setup lets use the vault.
package enum StepName: String, CaseIterable, Sendable {
  case git
  case ssh
  case sudo
  case pass
  case direnv
  case docker
  /// The systemd timer that pulls.
  case timer
  /// The systemd service that locks the vault.
  case lockOnSuspend = "lock-on-suspend"
}

/// The state of a step.
package enum StepState: Equatable, Sendable {
  /// It is set up, as the text says where.
  case setUp(String)
  /// It can be set up.
  case notSetUp
  /// Something else is set, which the text names.
  case other(String)
  /// This program is not installed.
  case missing(program: String)
  /// It cannot be set up, for the reason in the text. The remedy is what the user can do.
  case unavailable(String, remedy: String? = nil)
}

/// The result of undoing a change.
package enum Reversion: Equatable, Sendable {
  /// The change is undone, as the text says.
  case undone(String)
  /// Nothing of the change is left, as the text says.
  case gone(String)
}

/// One part of setup: its state, what it would change, the change, and undoing it.
package protocol SetupStep {
  /// The step's name.
  var name: StepName { get }
  /// Whether setup does it unless the user declines.
  var isRecommended: Bool { get }
  /// Whether it can be set up although something else is set.
  var replacesOther: Bool { get }
  /// How the user can make the change, for the case that setup cannot.
  var manualChange: String { get }

  /// Finds out the state. Changes nothing.
  func state() -> StepState

  /// Returns what would change, as a clause that begins with a verb.
  func proposal() -> String

  /// Makes the change, and records it first.
  ///
  /// - Returns: warnings of the programs that were run, one line each.
  /// - Throws: `UserFacingErrorConvertible`; nothing has changed then.
  func apply() throws -> [String]

  /// Undoes a change that `apply` recorded.
  ///
  /// - Throws: `UserFacingErrorConvertible` if it stays.
  func revert(_ change: SetupChange) throws -> Reversion
}

extension SetupStep {
  /// Whether setup does it unless the user declines: yes.
  package var isRecommended: Bool { true }
  /// Whether it can be set up although something else is set: no.
  package var replacesOther: Bool { false }
}
