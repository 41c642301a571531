import LockwiseCore

/// What a pull did.
public struct PullResult: Equatable, Sendable {
  /// How much had to be downloaded.
  public enum Extent: Equatable, Sendable {
    /// Nothing: no login changed since the last pull.
    case nothing
    /// What changed since the last pull.
    case changes
    /// Everything: the first pull, or one after the storage was set up anew.
    case everything
  }

  /// How much had to be downloaded.
  public internal(set) var extent = Extent.nothing
  /// Logins that were not there before. After `.everything` the old copy does not count.
  public internal(set) var added = 0
  /// Logins that were there and came again.
  public internal(set) var changed = 0
  /// Logins that were there and are deleted on the server.
  public internal(set) var removed = 0
  /// Our changes that met one of the server's and were merged with it.
  public internal(set) var merged = 0
  /// Records of this pull that are no logins and were set aside.
  public internal(set) var setAside = 0
  /// Those of them of which an older, good copy stays in the vault.
  public internal(set) var keptOlder = 0
  /// The requests sent to the storage server, repetitions included.
  public internal(set) var requests = 0
  /// The logins in the vault afterwards.
  public internal(set) var totalLogins = 0
  /// The records set aside in the vault afterwards.
  public internal(set) var totalSetAside = 0
  /// What the person should know although the pull worked.
  public internal(set) var notices: [PullNotice] = []
  /// What was lost of a damaged vault that this pull repaired; `nil` if it was not damaged.
  public internal(set) var repair: VaultRepair?
  /// A message of the server's operators.
  public internal(set) var alert: ServerAlert?

  /// A result in which nothing happened.
  public init() {}
}

/// What a person should know although the pull worked.
public enum PullNotice: String, CaseIterable, Sendable {
  /// Passwords are switched off for all of the account's devices: what is there is read, nothing is to be written.
  case passwordsDeclined = "passwords-declined"
  /// No device of the account syncs passwords: what is there is read, nothing is to be written.
  case passwordsNotSynced = "passwords-not-synced"
  /// The server has no passwords any more; the vault keeps its logins.
  case passwordsVanished = "passwords-vanished"
}

extension PullNotice {
  /// Whether logins may be written all the same.
  var allowsUploads: Bool {
    switch self {
    case .passwordsDeclined, .passwordsNotSynced: false
    case .passwordsVanished: true
    }
  }
}

extension PullNotice: CustomStringConvertible {
  /// One short phrase for people.
  public var description: String {
    switch self {
    case .passwordsDeclined: "this account's Sync settings exclude passwords"
    case .passwordsNotSynced: "no device of this account syncs passwords"
    case .passwordsVanished: "the server no longer has any passwords; the vault keeps its logins"
    }
  }

  /// What the person can do about it.
  public var hint: String {
    switch self {
    case .passwordsDeclined, .passwordsNotSynced: "turn on passwords in Firefox: Settings, Sync"
    case .passwordsVanished: "let Firefox sync: it uploads its logins again"
    }
  }
}
