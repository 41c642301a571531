import ArgumentParser
import LockwiseAccounts
import LockwiseCore

/// Which servers to use.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The accounts server's web address, which names all others (default: \(ServerConfiguration.productionContentRoot)).",
      valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "A token server of your own, in place of the one that the accounts server names.", valueName: "url"))
  var tokenServer: String?

  @Option(
    help: ArgumentHelp(
      "The accounts server's API, where no web address names it. Goes with --token-server.", valueName: "url"))
  var authServer: String?

  @Option(help: ArgumentHelp("The OAuth API, if it is not below --auth-server.", valueName: "url"))
  var oauthServer: String?

  func validate() throws {
    if authServer != nil, tokenServer == nil { throw ValidationError("--auth-server needs --token-server") }
    if oauthServer != nil, authServer == nil { throw ValidationError("--oauth-server needs --auth-server") }
  }

  /// Refuses an address that must not be used, before anything is asked or sent.
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

  /// The servers' addresses: as given, the rest as the accounts server names it.
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
