import Foundation
import LockwiseTestSupport
import Testing

/// `Tests/Servers/git-server.py`: git's own server behind Basic authentication.
final class GitServer {
  /// A request that the server received.
  struct Request: Equatable, CustomStringConvertible {
    let path: String
    let username: String?
    let password: String?
    let status: Int

    var description: String { "\(path) \(username ?? "-"):\(password ?? "-") \(status)" }
  }

  /// The scheme, host and port.
  let url: String
  let port: Int
  /// The folder of the bare repositories.
  let root: String
  private let process: RunningProgram
  private let control: ControlClient

  /// Starts a server.
  ///
  /// - Parameter certificate: the certificate and key, for https.
  init(
    root: String, git: Git, environment: [String: String], certificate: (certificate: String, key: String)? = nil
  ) throws {
    self.root = root
    process = try RunningProgram(
      Executables.ofSystem("python3"),
      [TestServers.path("git-server.py"), git.path, root] + (certificate.map { [$0.certificate, $0.key] } ?? []),
      environment: git.environment(environment))
    let ports = try TestServers.ports(of: process, count: 2)
    port = ports[0]
    url = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)"
    control = ControlClient(port: try #require(UInt16(exactly: ports[1])))
  }

  deinit {
    process.signal(SIGKILL)
    _ = try? process.finish(timeout: 10)
  }

  /// Accepts only these users at paths with a prefix.
  func accept(_ accounts: [String: String], below path: String = "") throws {
    accepted[path] = accounts
    try control.send("PUT", "/accounts", accepted)
  }

  private var accepted: [String: [String: String]] = [:]

  /// Names another realm from now on.
  func setRealm(_ name: String) throws { try control.send("PUT", "/realm", name) }

  /// Accepts these tokens in `Authorization: Bearer`.
  func acceptBearer(_ tokens: [String]) throws { try control.send("PUT", "/bearer", tokens) }

  /// Returns the requests since the last call.
  func takeRequests() throws -> [Request] {
    let list = try control.json("GET", "/log") as? [[String: Any]] ?? []
    try control.send("DELETE", "/log")
    return list.map {
      Request(
        path: $0["path"] as? String ?? "", username: $0["username"] as? String, password: $0["password"] as? String,
        status: $0["status"] as? Int ?? 0)
    }
  }

  /// Returns the credentials since the last call, each once, as `user:password`, in order, without the bare user name
  /// of a URL, which git sends first.
  func takeCredentials() throws -> [String] {
    var seen: [String] = []
    for request in try takeRequests() {
      guard let password = request.password, !password.isEmpty else { continue }
      let text = "\(request.username ?? "Bearer"):\(password)"
      if !seen.contains(text) { seen.append(text) }
    }
    return seen
  }
}

/// The servers of `Tests/Servers`.
enum TestServers {
  /// Returns the path of a script.
  static func path(_ name: String) -> String {
    TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Servers/\(name)").path
  }

  /// Returns the ports that a script prints when it is ready.
  ///
  /// - Throws: `TimedOut`.
  static func ports(of process: RunningProgram, count: Int) throws -> [Int] {
    let deadline = Deadline(seconds: 60)
    let isUp = deadline.await { process.outputSoFar.filter { $0 == "\n" }.count >= count || process.hasEnded }
    let ports = process.outputSoFar.split(separator: "\n").compactMap { Int($0) }
    guard isUp, ports.count == count else {
      process.signal(SIGKILL)
      throw TimedOut(description: "a server does not start: \(try process.finish().error)")
    }
    return ports
  }
}
