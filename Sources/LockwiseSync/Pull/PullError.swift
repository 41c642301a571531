import LockwiseCore

/// Why a pull stopped although the server answered properly. The vault is as it was before.
public enum PullError: Error, Equatable, Sendable {
  /// We were told to stop.
  case interrupted
  /// There is no `meta/global`: nobody has set up Sync for this account, or someone is resetting it right now.
  case noSyncData
  /// `meta/global` is not JSON.
  case unreadableMetaGlobal
  /// `meta/global` lacks `syncID` or `storageVersion`.
  case incompleteMetaGlobal
  /// The storage is of a format before 5.
  case storageTooOld(version: Int64)
  /// The storage is of a format after 5.
  case storageTooNew(version: Int64)
  /// The passwords engine is of a version after 1.
  case passwordsTooNew(version: Int64)
  /// There is `meta/global`, but no `crypto/keys`.
  case noKeys
  /// `crypto/keys` is encrypted with another Sync key than ours.
  case wrongKeys
  /// `crypto/keys` is ours, but makes no sense.
  case unreadableKeys
  /// What we read kept changing under our hands, four times in a row.
  case keepsChanging
}

extension PullError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .interrupted: "stopped before it was done"
    case .noSyncData: "the account has no Sync data"
    case .unreadableMetaGlobal: "the account's Sync data is damaged: meta/global is not JSON"
    case .incompleteMetaGlobal: "the account's Sync data is damaged: meta/global is incomplete"
    case .storageTooOld(let version): "the account's Sync data has the old format \(version)"
    case .storageTooNew(let version): "the account's Sync data has the format \(version), newer than 5"
    case .passwordsTooNew(let version): "the account's passwords have the format \(version), newer than 1"
    case .noKeys: "the account's Sync data is damaged: crypto/keys is missing"
    case .wrongKeys: "the account's Sync data is encrypted with another key than ours"
    case .unreadableKeys: "the account's Sync data is damaged: crypto/keys makes no sense"
    case .keepsChanging: "the data on the server kept changing while it was read"
    }
  }

  private var hint: String? {
    switch self {
    case .interrupted: nil
    case .noSyncData:
      "set up Sync in Firefox first, or let Firefox sync and try again; or, without Firefox: lockwise-sync init-storage"
    case .unreadableMetaGlobal, .incompleteMetaGlobal, .storageTooOld, .noKeys, .unreadableKeys:
      "let an up-to-date Firefox of this account sync, it repairs that; lockwise changed nothing"
    case .storageTooNew, .passwordsTooNew: "install a newer version of lockwise"
    case .wrongKeys: "the account's password may have been reset, sign in again: lockwise-sync login"
    case .keepsChanging: "try again when the other devices have finished syncing"
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .interrupted: .cancelled
    case .wrongKeys: .refused
    case .keepsChanging: .busy
    case .noSyncData, .unreadableMetaGlobal, .incompleteMetaGlobal, .storageTooOld, .storageTooNew,
      .passwordsTooNew, .noKeys, .unreadableKeys:
      .serverState
    }
  }
}
