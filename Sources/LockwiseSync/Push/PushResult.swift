import LockwiseCore

/// The result of a push.
public struct PushResult: Equatable, Sendable {
  /// The fetched changes of all rounds.
  public internal(set) var pull: PullResult
  /// The number of changes that the server stored.
  public internal(set) var uploaded = 0
  /// The number of changes that are not on the server yet.
  public internal(set) var waiting = 0
  /// The changes that the server did not accept, with the reasons, by GUID.
  public internal(set) var refused: [String: String] = [:]
  /// The GUIDs of those among `refused` that no earlier push reported with that reason.
  public internal(set) var newlyRefused: Set<String> = []

  /// Creates the result of a pull without an upload.
  ///
  /// - Parameters:
  ///   - pull: the fetched changes.
  ///   - waiting: the number of changes that only the vault has.
  ///   - logins: the number of logins in the vault; `nil` for that of the pull.
  package init(pull: PullResult, waiting: Int = 0, logins: Int? = nil) {
    self.pull = pull
    self.waiting = waiting
    if let logins { self.pull.totalLogins = logins }
  }

  /// Adds the fetched changes of another round.
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

/// A push that left changes in the outbox although the server responded properly.
enum PushError: Error, Equatable, Sendable {
  /// Other clients wrote before each attempt; this many changes wait.
  case keepsChanging(changes: Int)
  /// Passwords are turned off in the account's Sync settings; this many changes wait.
  case passwordsOff(changes: Int)
}

extension PushError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  var userFacingError: UserFacingError {
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
