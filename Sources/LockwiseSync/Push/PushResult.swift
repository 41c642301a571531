import LockwiseCore

/// What a push did.
public struct PushResult: Equatable, Sendable {
  /// What was fetched, all rounds together.
  public internal(set) var pull: PullResult
  /// How many changes the server took.
  public internal(set) var uploaded = 0
  /// How many changes are not on the server yet.
  public internal(set) var waiting = 0
  /// What the server did not take, with its reasons, by GUID.
  public internal(set) var refused: [String: String] = [:]
  /// The GUIDs of those among `refused` that no earlier push reported with that reason.
  public internal(set) var newlyRefused: Set<String> = []

  /// Makes a result of a pull after which nothing was uploaded.
  public init(pull: PullResult) { self.pull = pull }

  /// Counts in what another round fetched.
  mutating func add(_ next: PullResult) {
    var sum = next
    sum.added += pull.added
    sum.changed += pull.changed
    sum.removed += pull.removed
    sum.merged += pull.merged
    sum.setAside += pull.setAside
    sum.requests += pull.requests
    if pull.extent == .everything || next.extent == .nothing { sum.extent = pull.extent }
    pull = sum
  }
}

/// Why changes stay in the outbox although the server answered properly.
public enum PushError: Error, Equatable, Sendable {
  /// Other clients wrote whenever this one was about to; so many changes wait.
  case keepsChanging(changes: Int)
  /// Passwords are switched off in the account's Sync settings; so many changes wait.
  case passwordsOff(changes: Int)
}

extension PushError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .keepsChanging(let count): "other clients kept writing; \(Self.changes(count)) in the vault"
    case .passwordsOff(let count):
      "this account does not sync passwords; \(Self.changes(count)) in the vault"
    }
  }

  private static func changes(_ count: Int) -> String { Quantity.of(count, "change stays", "changes stay") }

  private var hint: String? {
    switch self {
    case .keepsChanging: "try again: lockwise-sync push"
    case .passwordsOff: "turn on passwords in Firefox: Settings, Sync"
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .keepsChanging: .busy
    case .passwordsOff: .serverState
    }
  }
}
