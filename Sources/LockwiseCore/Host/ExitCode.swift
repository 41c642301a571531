/// The exit statuses of the suite's programs. They are documented in the man pages and do not change.
public enum ExitCode: Int32, CaseIterable, Sendable {
  /// It worked.
  case success = 0
  /// Something failed that has no status of its own.
  case failure = 1
  /// Nobody is signed in: there is no vault.
  case notSignedIn = 2
  /// The vault is locked and could not be unlocked.
  case locked = 3
  /// The network or a server could not be reached, or gave no proper answer.
  case unreachable = 4
  /// The accounts server refused: wrong password, a further step needed, a revoked grant.
  case refused = 5
  /// The Sync server's data is in a state that needs a person.
  case serverState = 6
  /// The vault is damaged, insecure or of a later format.
  case vault = 7
  /// The server asked us to back off, or another sync is running.
  case busy = 8
  /// The command line was wrong (sysexits.h EX_USAGE).
  case usage = 64
  /// A person cancelled.
  case cancelled = 130

  /// One line for a man page.
  public var meaning: String {
    switch self {
    case .success: "it worked"
    case .failure: "something failed that has no status of its own"
    case .notSignedIn: "nobody is signed in"
    case .locked: "the vault is locked and could not be unlocked"
    case .unreachable: "the network or a server could not be reached, or gave no proper answer"
    case .refused: "the accounts server refused"
    case .serverState: "the data on the Sync server is in a state that needs a person"
    case .vault: "the vault is damaged, insecure or of a later format"
    case .busy: "the server asked us to back off, or another sync is running"
    case .usage: "the command line was wrong"
    case .cancelled: "a person cancelled"
    }
  }
}
