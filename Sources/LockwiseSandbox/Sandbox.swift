import FlyingFox
import FlyingSocks
import Foundation

/// A loopback stand-in for the servers that Firefox Sync needs, for tests and for trying out.
///
/// Everything is below one base URL, `http://127.0.0.1:PORT`, which is also the "content root" that a client
/// is pointed at:
///
/// | path | server |
/// |---|---|
/// | `/.well-known/fxa-client-configuration`, `/.well-known/openid-configuration` | discovery |
/// | `/auth/v1/…` | accounts (auth server), with OAuth's `/auth/v1/oauth/token` and its kin |
/// | `/oauth/v1/…` | the OAuth host: `token`, `destroy`, `introspect`, `authorization`, `client/ID` |
/// | `/profile/v1/profile` | profile |
/// | `/token/1.0/sync/1.5` | TokenServer |
/// | `/storage/1.5/UID/…`, `/storage-NAME/1.5/UID/…`, `/1.5/UID/…` | Sync storage 1.5 |
/// | `/authorization` | the sign-in page, in plain HTML: password, codes, and then OAuth's redirect with the keys |
/// | `/?client_id=…&context=oauth_webchannel_v1` | the same for Firefox itself, which gets it over a web channel |
/// | `/oauth/success/ID` | where it leads for the clients of Mozilla's own, as `accounts.firefox.com` does |
/// | `/complete_signin` | what a mailed link opens |
/// | `/__sandbox__/…` | control surface: state, requests, faults, clock, switches, mail, edit, decrypt, … |
///
/// Its cryptography is swift-crypto and its own; it shares no code with the client that it tests.
public final actor Sandbox {
  private let state: SandboxState
  private let configuration: SandboxConfiguration
  private var server: HTTPServer?
  private var running: Task<Void, any Error>?
  private var failure: (any Error)?

  /// Loads state, fixture and accounts; does not listen yet.
  ///
  /// - Throws: ``StateProblem`` or ``Switches/Problem`` for what can't be used.
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
        try Generator(storage: AccountStorage(state: state, account: account)).addLogins(
          configuration.generate)
      }
    }
    self.state = state
  }

  /// Begins to listen.
  ///
  /// - Returns: the base URL, without a slash at the end.
  /// - Throws: when the port is taken.
  public func start() async throws -> String {
    let server = HTTPServer(
      config: HTTPServer.Configuration(
        address: try sockaddr_in.inet(ip4: "127.0.0.1", port: configuration.port), timeout: 3600,
        sharedRequestBufferSize: 1 << 30, pool: NoDelayPool(base: HTTPServer.defaultPool()), logger: .disabled
      ),
      handler: SandboxHandler(sandbox: self))
    let running = Task {
      do { try await server.run() } catch {
        self.failed(error)
        throw error
      }
    }
    // A port that is taken makes run() throw, which waitUntilListening() would not notice.
    while await !server.isListening {
      if let failure { throw StateProblem("can't listen on port \(configuration.port): \(failure)") }
      try await Task.sleep(for: .milliseconds(2))
    }
    guard case .ip4(_, let port)? = await server.listeningAddress else {
      throw StateProblem("can't listen on port \(configuration.port)")
    }
    self.server = server
    self.running = running
    state.baseURL = configuration.publicURL ?? "http://127.0.0.1:\(port)"
    return state.baseURL
  }

  private func failed(_ error: any Error) { failure = error }

  /// The port that is listened on; nil before ``start()``.
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

  /// Returns, or throws, when the server has stopped.
  public func wait() async throws { try await running?.value }

  /// Saves the state file, if there is one.
  ///
  /// - Throws: ``StateProblem``.
  public func save() throws { try save(to: nil) }

  private func save(to path: String?) throws {
    guard let path = path ?? configuration.state else { throw StateProblem("there is no state file") }
    try StateFile(path: path).save(state)
  }

  /// Writes a small file of mode 0600 in one step.
  ///
  /// - Throws: ``StateProblem``.
  public static func writePrivate(_ path: String, text: String) throws {
    try StateFile.replace(path, with: Array(text.utf8))
  }

  /// Answers one request.
  func answer(_ request: Request) async -> Response {
    let path = request.segments ?? []
    if path.first == "__sandbox__" {
      return ControlServer(state: state) { try self.save(to: $0) }.answer(
        request, path: Array(path.dropFirst()))
    }
    let began = ContinuousClock.now
    let exchange = Exchange(request)
    var response: Response
    if let action = state.faults.action(for: request) {
      exchange.note("fault")
      if action.delayMilliseconds > 0 {
        // Other requests are answered meanwhile.
        try? await Task.sleep(for: .milliseconds(action.delayMilliseconds))
      }
      response = apply(action, exchange)
    } else {
      response = Router(state: state).answer(exchange)
    }
    ContentCoding.apply(to: &response, for: request, mode: state.switches.text("http.gzip"))
    response.setHeader("Date", response.header("Date") ?? state.clock.httpDate)
    let elapsed = (ContinuousClock.now - began).components
    state.log.record(
      exchange, response, at: state.clock.now,
      milliseconds: Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) / 1e15)
    return response
  }

  private func apply(_ action: Fault.Action, _ exchange: Exchange) -> Response {
    if action.dropBefore {
      var dropped = Response(status: 0)
      dropped.delivery = .dropped
      return dropped
    }
    var response = Response(status: action.status ?? 200)
    if action.status == nil || action.process { response = Router(state: state).answer(exchange) }
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

  /// What a `Host` header without a port means.
  nonisolated var defaultPort: Int { configuration.publicURL?.hasPrefix("https:") == true ? 443 : 80 }
}

/// FlyingFox's way into the sandbox.
private struct SandboxHandler: HTTPHandler {
  let sandbox: Sandbox

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let request = try await HTTPAdapter.request(request, defaultPort: sandbox.defaultPort)
    return HTTPAdapter.response(await sandbox.answer(request))
  }
}
