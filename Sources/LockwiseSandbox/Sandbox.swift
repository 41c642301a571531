import FlyingFox
import Foundation

/// A loopback stand-in for the servers of Firefox Sync, for tests and demonstrations.
///
/// All servers share the base URL `http://127.0.0.1:PORT`, which is also the "content root" for clients:
///
/// | path | server |
/// |---|---|
/// | `/.well-known/fxa-client-configuration`, `/.well-known/openid-configuration` | discovery |
/// | `/auth/v1/…` | accounts (auth server), with the routes of OAuth below `/auth/v1/oauth` |
/// | `/oauth/v1/…` | the OAuth host: `token`, `destroy`, `introspect`, `authorization`, `client/ID` |
/// | `/profile/v1/profile` | profile |
/// | `/token/1.0/sync/1.5` | TokenServer |
/// | `/storage/1.5/UID/…`, `/storage-NAME/1.5/UID/…`, `/1.5/UID/…` | Sync storage 1.5 |
/// | `/authorization` | the sign-in page in plain HTML, which ends in OAuth's redirect with the keys |
/// | `/?client_id=…&context=oauth_webchannel_v1` | the sign-in page for Firefox itself, which uses a web channel |
/// | `/oauth/success/ID` | the redirect address of Mozilla's own clients, as at `accounts.firefox.com` |
/// | `/complete_signin` | the page of a mailed link |
/// | `/__sandbox__/…` | control surface: state, requests, faults, clock, switches, mail, edit, decrypt, … |
///
/// Its cryptography is swift-crypto and its own. It shares no code with the clients that it tests.
public final actor Sandbox {
  private let state: SandboxState
  private let configuration: SandboxConfiguration
  private var server: HTTPServer?
  private var failure: (any Error)?

  /// Loads the state, or makes it from fixture and account; does not listen yet.
  ///
  /// - Throws: an error with a message for the user if the configuration cannot be used.
  public init(_ configuration: SandboxConfiguration) throws {
    self.configuration = configuration
    var switches = Switches()
    for assignment in configuration.switches { try switches.set(assignment: assignment) }
    let state = SandboxState(
      tokenSecret: configuration.tokenSecret ?? Hex.encode(Derive.random(32)), switches: switches,
      log: try RequestLog(path: configuration.log))
    if configuration.fastPasswords { state.scryptRounds = 16 }
    let file = configuration.state.map { StateFile(path: $0) }
    if let file, file.exists {
      try file.load(into: state)
    } else {
      if let directory = configuration.fixture { try Fixture(directory: directory).load(into: state) }
      if let new = configuration.account {
        try AccountEditor(state: state).create(
          email: new.email, password: new.password, version2: new.version2)
      }
      if configuration.generate > 0 {
        let account = try state.account(email: configuration.account?.email)
        try LoginGenerator(storage: AccountStorage(state: state, account: account)).addLogins(
          configuration.generate)
      }
    }
    self.state = state
  }

  /// Starts to listen, and returns the base URL without a slash at the end.
  ///
  /// - Throws: an error with a message for the user if the port is in use.
  public func start() async throws -> String {
    let server = try HTTPAdapter.server(port: configuration.port, handler: SandboxHandler(sandbox: self))
    Task {
      do { try await server.run() } catch { self.recordFailure(error) }
    }
    // If the port is in use, run() throws, but waitUntilListening() would wait forever.
    while await !server.isListening {
      if let failure { throw SandboxError("cannot listen on port \(configuration.port): \(failure)") }
      try await Task.sleep(for: .milliseconds(2))
    }
    guard case .ip4(_, let port)? = await server.listeningAddress else {
      throw SandboxError("cannot listen on port \(configuration.port)")
    }
    self.server = server
    state.baseURL = configuration.publicURL ?? "http://127.0.0.1:\(port)"
    return state.baseURL
  }

  private func recordFailure(_ error: any Error) { failure = error }

  /// The port that the sandbox listens on; nil before ``start()``.
  public var port: UInt16? {
    get async {
      guard case .ip4(_, let port)? = await server?.listeningAddress else { return nil }
      return port
    }
  }

  /// Stops listening.
  public func stop() async {
    await server?.stop()
    server = nil
  }

  /// Saves the state file.
  ///
  /// - Throws: an error with a message for the user if there is no state file or it cannot be written.
  public func save() throws { try save(to: nil) }

  private func save(to path: String?) throws {
    guard let path = path ?? configuration.state else { throw SandboxError("no path for the state file") }
    try StateFile(path: path).save(state)
  }

  /// Replaces a file atomically by one of mode 0600.
  ///
  /// - Throws: an error with a message for the user if the file cannot be written.
  public static func writePrivate(_ path: String, text: String) throws {
    try StateFile.replace(path, with: Array(text.utf8))
  }

  /// Responds to a request and logs it.
  func response(to request: Request) async -> Response {
    let path = request.segments ?? []
    if path.first == "__sandbox__" {
      return ControlServer(state: state) { try self.save(to: $0) }.response(
        to: request, path: Array(path.dropFirst()))
    }
    let start = ContinuousClock.now
    let exchange = Exchange(request)
    var response: Response
    if let action = state.faults.action(for: request) {
      exchange.addNote("fault")
      if action.delayMilliseconds > 0 {
        // Other requests are served in the meantime.
        try? await Task.sleep(for: .milliseconds(action.delayMilliseconds))
      }
      response = apply(action, exchange)
    } else {
      response = Router(state: state).response(to: exchange)
    }
    ContentCoding.apply(to: &response, for: request, mode: state.switches.text("http.gzip"))
    response.setHeader("Date", response.header("Date") ?? state.clock.httpDate)
    let elapsed = (ContinuousClock.now - start).components
    state.log.record(
      exchange, response, at: state.clock.now,
      milliseconds: Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) / 1e15)
    return response
  }

  /// Responds to a request that a fault applies to.
  private func apply(_ action: Fault.Action, _ exchange: Exchange) -> Response {
    if action.dropBefore {
      var dropped = Response(status: 0)
      dropped.delivery = .dropped
      return dropped
    }
    var response = Response(status: action.status ?? 200)
    if action.status == nil || action.process { response = Router(state: state).response(to: exchange) }
    if let status = action.status {
      response.status = status
      response.body = Data((action.body ?? "").utf8)
    } else if let body = action.body {
      response.body = Data(body.utf8)
    }
    for (name, value) in action.headers { response.setHeader(name, value) }
    if let count = action.truncateBody { response.delivery = .truncated(count) }
    if action.dropAfter { response.delivery = .dropped }
    return response
  }

  /// The port that a `Host` header without a port refers to.
  nonisolated var defaultPort: Int { configuration.publicURL?.hasPrefix("https:") == true ? 443 : 80 }
}

/// The handler that FlyingFox calls for each request.
private struct SandboxHandler: HTTPHandler {
  let sandbox: Sandbox

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let request = try await HTTPAdapter.request(request, defaultPort: sandbox.defaultPort)
    return HTTPAdapter.response(await sandbox.response(to: request))
  }
}
