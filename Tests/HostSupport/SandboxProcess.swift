import Foundation
import LockwiseTestSupport
import Testing

/// A `lockwise-sandbox` for one test.
final class SandboxProcess {
  /// The account of the fixture.
  static let email = "marie.curie@example.org"
  static let password = "pitchblende & polonium 1898"

  /// The base URL, also the content root.
  let url: String
  let control: ControlClient
  private let process: RunningProgram
  /// The path of the log of all requests, which tests cannot clear.
  private let log: String
  private(set) var isRunning = true
  /// The account of `edit`, `put`, `account`, `reassign`, `storedLogins` and sign-ins, if there are several.
  var currentEmail = SandboxProcess.email
  /// Whether our programs may delete collections, or everything, in this test.
  var mayDeleteCollections = false

  /// Starts a sandbox with the account of the fixture.
  ///
  /// - Parameters:
  ///   - options: further options.
  ///   - isFresh: whether the account has new keys, and nothing stored, instead of what the fixture has.
  ///   - executable: the program's path; `nil` for the one under test.
  init(
    _ options: [String] = [], isFresh: Bool = false, executable: String? = nil, environment: [String: String]
  ) throws {
    log = NSTemporaryDirectory() + "/lockwise-requests-\(UUID().uuidString)"
    process = try RunningProgram(
      try executable ?? Executables.path("lockwise-sandbox"),
      ["--port", "0", "--exit-with-parent", "--quiet", "--fast-passwords", "--log", log]
        + (isFresh
          ? ["--account", Self.email, "--password-stdin"]
          : ["--fixture", TestVectors.fixtures.appendingPathComponent("firefox-esr-153").path]) + options,
      input: isFresh ? .text(Self.password + "\n") : .none, environment: environment)
    let running = process
    let deadline = Deadline(seconds: 120)
    let isUp = deadline.await { running.outputSoFar.contains("\n") || running.hasEnded }
    guard isUp, let line = running.outputSoFar.split(separator: "\n").first, let url = URL(string: String(line)),
      let port = url.port.flatMap({ UInt16(exactly: $0) })
    else {
      running.signal(SIGKILL)
      throw TimedOut(description: "the sandbox does not start: \(try running.finish().error)")
    }
    self.url = String(line)
    control = ControlClient(port: port)
  }

  /// Checks in every test that our programs have not wiped or overwritten unseen records.
  deinit {
    kill()
    do {
      for violation in RequestPolicy.violations(try requestsSinceStart(), mayDelete: mayDeleteCollections) {
        Issue.record("\(violation)")
      }
    } catch {
      Issue.record("the sandbox's log cannot be read: \(error)")
    }
    unlink(log)
  }

  /// The process id.
  var pid: pid_t { process.pid }

  /// Ends it at once, as a crash would.
  func kill() {
    guard isRunning else { return }
    isRunning = false
    process.signal(SIGKILL)
    _ = try? process.finish(timeout: 10)
  }

  /// Stops all responses until `resume()`, while the kernel still accepts connections (listen(2)).
  func pause() { process.signal(SIGSTOP) }

  /// Ends the effect of `pause()`.
  func resume() { process.signal(SIGCONT) }

  /// Ends the sandbox, which saves its state file.
  func stop() throws {
    isRunning = false
    process.signal(SIGTERM)
    _ = try process.finish(timeout: 20)
  }

  /// Sets switches; `NSNull()` resets one.
  func set(_ switches: [String: Any]) throws { try control.send("POST", "/__sandbox__/switches", switches) }

  /// Replaces the faults.
  func faults(_ faults: [[String: Any]]) throws { try control.send("POST", "/__sandbox__/faults", faults) }

  /// Makes a fault.
  func fault(
    _ path: String? = nil, nth: Int = 1, count: Int = 1, _ action: [String: Any]
  ) throws {
    var match: [String: Any] = ["nth": nth, "count": count]
    match["path"] = path
    try faults([["match": match, "action": action]])
  }

  func clearFaults() throws { try control.send("DELETE", "/__sandbox__/faults") }

  /// Writes records as another client would.
  func edit(_ edits: [String: Any]) throws {
    try control.send("POST", "/__sandbox__/edit", edits.merging(["email": currentEmail]) { $1 })
  }

  /// Changes or adds logins.
  func put(_ logins: [[String: Any]]) throws {
    try edit([
      "edits": logins.map { ["collection": "passwords", "id": $0["id"] ?? "", "cleartext": $0] }
    ])
  }

  func account(_ change: [String: Any]) throws {
    try control.send("POST", "/__sandbox__/account", change.merging(["email": currentEmail]) { $1 })
  }

  /// Moves the account to another storage node, by default with its records.
  func reassign(keepData: Bool = true) throws {
    try control.send("POST", "/__sandbox__/reassign", ["email": currentEmail, "keepData": keepData])
  }

  /// Returns the requests since the log was cleared.
  func requests() throws -> [LoggedRequest] {
    try String(decoding: control.send("GET", "/__sandbox__/requests"), as: UTF8.self).split(separator: "\n")
      .map { try LoggedRequest(line: String($0)) }
  }

  /// Returns all requests since the start, even if the sandbox has ended.
  func requestsSinceStart() throws -> [LoggedRequest] {
    // The last line may be incomplete after a kill.
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
    let whole = text.last == "\n" || text.isEmpty ? text[...] : text[...(text.lastIndex(of: "\n") ?? text.startIndex)]
    return try whole.split(separator: "\n").filter { $0 != "" }.map { try LoggedRequest(line: String($0)) }
  }

  func clearRequests() throws { try control.send("DELETE", "/__sandbox__/requests") }

  /// Returns the state without secrets.
  func snapshot() throws -> [String: Any] {
    try control.json("GET", "/__sandbox__/state") as? [String: Any] ?? [:]
  }

  /// The numbers of sessions, key-fetch tokens and refresh tokens on the server.
  func tokensLeft() throws -> TokensLeft {
    let accounts = try snapshot()["accounts"] as? [[String: Any]] ?? []
    func count(_ name: String) -> Int { accounts.reduce(0) { $0 + (($1[name] as? [Any])?.count ?? 0) } }
    return TokensLeft(
      sessions: count("sessions"), refreshTokens: count("refreshTokens"),
      keyFetchTokens: accounts.reduce(0) { $0 + ($1["keyFetchTokens"] as? Int ?? 0) })
  }
}

/// The tokens that a sign-in may leave on the server.
struct TokensLeft: Equatable {
  var sessions = 0
  var refreshTokens = 0
  var keyFetchTokens = 0
}
