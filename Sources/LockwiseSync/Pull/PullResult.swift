import LockwiseCore

/// The result of a pull.
public struct PullResult: Equatable, Sendable {
  /// The extent of the download.
  public enum Extent: Equatable, Sendable {
    /// Nothing: no login changed since the last pull.
    case nothing
    /// The changes since the last pull.
    case changes
    /// Everything: the first pull, or one after the storage was set up again.
    case everything
  }

  /// The extent of the download.
  public internal(set) var extent = Extent.nothing
  /// New logins. After `.everything` the old copy is ignored.
  public internal(set) var added = 0
  /// Existing logins that were received again.
  public internal(set) var changed = 0
  /// Existing logins that were deleted on the server.
  public internal(set) var removed = 0
  /// The local changes that were merged with one of the server's.
  public internal(set) var merged = 0
  /// Records of this pull that are not logins and were set aside.
  public internal(set) var setAside = 0
  /// The records set aside whose older, valid copy stays in the vault.
  public internal(set) var keptOlder = 0
  /// The requests sent to the storage server, repetitions included.
  public internal(set) var requests = 0
  /// The logins in the vault afterwards.
  public internal(set) var totalLogins = 0
  /// The records set aside in the vault afterwards.
  public internal(set) var totalSetAside = 0
  /// Notices for the user although the pull succeeded.
  public internal(set) var notices: [PullNotice] = []
  /// The losses of a damaged vault that this pull repaired; `nil` if it was not damaged.
  public internal(set) var repair: VaultRepair?
  /// A message of the server's operators.
  public internal(set) var alert: ServerAlert?

  /// A result in which nothing happened.
  public init() {}
}

/// A notice for the user although the pull succeeded.
public enum PullNotice: String, CaseIterable, Sendable {
  /// Passwords are turned off for all devices of the account: existing records are read, nothing is written.
  case passwordsDeclined = "passwords-declined"
  /// No device of the account syncs passwords: existing records are read, nothing is written.
  case passwordsNotSynced = "passwords-not-synced"
  /// The server no longer has any passwords; the vault keeps its logins.
  case passwordsVanished = "passwords-vanished"
}

extension PullNotice {
  /// Whether logins may be written.
  var allowsUploads: Bool {
    switch self {
    case .passwordsDeclined, .passwordsNotSynced: false
    case .passwordsVanished: true
    }
  }
}

extension PullNotice: CustomStringConvertible {
  /// The text to show.
  public var description: String {
    switch self {
    case .passwordsDeclined: "this account's Sync settings exclude passwords"
    case .passwordsNotSynced: "no device of this account syncs passwords"
    case .passwordsVanished: "the server no longer has any passwords; the vault keeps its logins"
    }
  }

  /// The remedy.
  public var hint: String {
    switch self {
    case .passwordsDeclined, .passwordsNotSynced: "turn on passwords in Firefox: Settings, Sync"
    case .passwordsVanished: "let Firefox sync: it uploads its logins again"
    }
  }
}
