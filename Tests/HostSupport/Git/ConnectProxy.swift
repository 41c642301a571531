import Foundation

/// `Tests/Servers/connect-proxy.py`: a proxy that leads every https connection to one port of this machine.
final class ConnectProxy {
  /// The variables with which git and curl use the proxy and trust the server.
  let variables: [String: String]
  private let process: RunningProgram

  /// Starts a proxy to the server of a home, which must use TLS.
  init(_ home: GitTestHome) throws {
    process = try RunningProgram(
      Executables.ofSystem("python3"), [TestServers.path("connect-proxy.py"), String(home.server.port)],
      environment: home.scratch.environment)
    let port = try TestServers.ports(of: process, count: 1)[0]
    variables = [
      "https_proxy": "http://127.0.0.1:\(port)", "GIT_SSL_CAINFO": home.scratch.root + "/tls-cert.pem",
    ]
  }

  deinit {
    process.signal(SIGKILL)
    _ = try? process.finish(timeout: 10)
  }
}
