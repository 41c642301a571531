import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The options that name the servers.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use this accounts server (default: \(ServerConfiguration.productionContentRoot)).",
      valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "Use this token server instead of the accounts server's.", valueName: "url"))
  var tokenServer: String?

  @Option(
    help: ArgumentHelp(
      "Use this accounts API; requires --token-server.", valueName: "url"))
  var authServer: String?

  @Option(help: ArgumentHelp("Use this OAuth API (default: the one of --auth-server).", valueName: "url"))
  var oauthServer: String?

  /// Whether any of the options is given.
  var isUsed: Bool { [server, tokenServer, authServer, oauthServer].contains { $0 != nil } }

  func validate() throws {
    if authServer != nil, tokenServer == nil { throw ValidationError("--auth-server requires --token-server") }
    if oauthServer != nil, authServer == nil { throw ValidationError("--oauth-server requires --auth-server") }
  }

  /// Refuses an invalid address before anything is asked or sent.
  ///
  /// - Throws: `UserFacingError`.
  func check() throws {
    for address in [server, tokenServer, authServer, oauthServer].compactMap(\.self) {
      do {
        _ = try WebAddress(address)
      } catch {
        let refusal = UserFacingError(error)
        throw UserFacingError(refusal.message, hints: refusal.hints, exitCode: .usage)
      }
    }
  }

  /// Returns the servers' addresses: the given ones, and the others as named by the accounts server.
  ///
  /// - Parameter fallback: the web address if none is given.
  /// - Throws: `HTTPError`, `AccountsError`.
  func configuration(
    fallback: String = ServerConfiguration.productionContentRoot, transport: any HTTPTransport
  ) throws -> ServerConfiguration {
    if let authServer, let tokenServer {
      return try ServerConfiguration(
        contentRoot: server ?? authServer, authServer: authServer, oauthServer: oauthServer ?? authServer,
        profileServer: authServer, tokenServer: tokenServer)
    }
    return try ServerConfiguration.discover(
      contentRoot: server ?? fallback, tokenServer: tokenServer, transport: transport)
  }
}
