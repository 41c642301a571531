/// The version of the sandbox, and the routes that report it.
public enum SandboxVersion {
  /// The version as `lockwise-sandbox --version` prints it.
  public static let text = "0.1.0"

  /// Returns the response of a health check, which needs no authorization; nil for any other path.
  static func healthCheck(_ path: String) -> Response? {
    switch path {
    case "__heartbeat__": .json(["version": .string(text), "database": "Ok", "status": "Ok"])
    case "__lbheartbeat__": .json([:])
    case "__version__": .json(["name": "lockwise-sandbox", "version": .string(text)])
    default: nil
    }
  }
}
