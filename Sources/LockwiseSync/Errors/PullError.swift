import LockwiseCore

/// A pull that stopped although the server responded properly. The vault is unchanged.
public enum PullError: Error, Equatable, Sendable {
  /// The pull was interrupted.
  case interrupted
  /// There is no `meta/global`: Sync was never set up for this account, or another client is resetting it.
  case noSyncData
  /// `meta/global` is not JSON.
  case unreadableMetaGlobal
  /// `meta/global` lacks `syncID` or `storageVersion`.
  case incompleteMetaGlobal
  /// The storage has a format older than 5.
  case storageTooOld(version: Int64)
  /// The storage has a format newer than 5.
  case storageTooNew(version: Int64)
  /// The passwords engine has a version newer than 1.
  case passwordsTooNew(version: Int64)
  /// There is `meta/global`, but no `crypto/keys`.
  case noKeys
  /// `crypto/keys` is encrypted with a Sync key other than the account's.
  case wrongKeys
  /// `crypto/keys` is encrypted with the account's Sync key, but its content is invalid.
  case unreadableKeys
  /// The data changed while it was read, four times in a row.
  case keepsChanging
}

extension PullError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .interrupted: "interrupted"
    case .noSyncData: "the account has no Sync data"
    case .unreadableMetaGlobal: "the account's Sync data is damaged: meta/global is not JSON"
    case .incompleteMetaGlobal: "the account's Sync data is damaged: meta/global is incomplete"
    case .storageTooOld(let version): "the account's Sync data has the old format \(version)"
    case .storageTooNew(let version): "the account's Sync data has format \(version); this version supports 5"
    case .passwordsTooNew(let version): "the account's passwords have format \(version); this version supports 1"
    case .noKeys: "the account's Sync data is damaged: crypto/keys is missing"
    case .wrongKeys: "the account's Sync data is encrypted with another Sync key"
    case .unreadableKeys: "the account's Sync data is damaged: crypto/keys is invalid"
    case .keepsChanging: "the data on the server kept changing while it was read"
    }
  }

  private var hint: String? {
    switch self {
    case .interrupted: nil
    case .noSyncData:
      "turn on Sync in Firefox, let it sync and try again; or, without Firefox: lockwise-sync init-storage"
    case .unreadableMetaGlobal, .incompleteMetaGlobal, .storageTooOld, .noKeys, .unreadableKeys:
      "let an up-to-date Firefox sync this account; it repairs the data"
    case .storageTooNew, .passwordsTooNew: "update lockwise"
    case .wrongKeys: "sign in again: lockwise-sync login; the account's password may have been reset"
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
