/// The exit statuses of the programs. The man pages document them; they do not change.
public enum ExitCode: Int32, CaseIterable, Sendable {
  /// The program did what was asked.
  case success = 0
  /// A failure without a status of its own.
  case failure = 1
  /// There is no vault.
  case notSignedIn = 2
  /// The vault is locked and could not be unlocked.
  case locked = 3
  /// A server could not be reached, or its response was invalid.
  case unreachable = 4
  /// The accounts server rejected the request: wrong password, a further step needed, a revoked token.
  case refused = 5
  /// The data on the Sync server needs the user's attention.
  case serverState = 6
  /// The vault is damaged, insecure or of a later format.
  case vault = 7
  /// The server asked us to back off, or another sync is running.
  case busy = 8
  /// The command line was wrong (sysexits.h EX_USAGE).
  case usage = 64
  /// The user cancelled.
  case cancelled = 130

  /// The meaning in one line, as the man pages begin it.
  var meaning: String {
    switch self {
    case .success: "success"
    case .failure: "a failure without a status of its own"
    case .notSignedIn: "there is no vault"
    case .locked: "the vault is locked and could not be unlocked"
    case .unreachable: "a server could not be reached, or its response was invalid"
    case .refused: "the accounts server rejected the request"
    case .serverState: "the data on the Sync server needs attention"
    case .vault: "the vault is damaged, insecure or of a later format"
    case .busy: "the server asked us to back off, or another sync is running"
    case .usage: "the command line was wrong"
    case .cancelled: "the user cancelled"
    }
  }
}
