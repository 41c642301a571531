/// A failure that docker recognises by its text (docker-credential-helpers, `credentials/error.go`).
enum DockerFailure: Error, Equatable {
  /// There is no login for the server URL.
  case notFound
  /// The server URL is missing.
  case noServerURL
  /// The user name is missing.
  case noUsername
  /// The program does not have this command.
  case unknownCommand(String)

  /// The text on standard output.
  var text: String {
    switch self {
    case .notFound: "credentials not found in native keychain"
    case .noServerURL: "no credentials server URL"
    case .noUsername: "no credentials username"
    case .unknownCommand(let name): "Unknown credential action `\(name)`"
    }
  }
}
