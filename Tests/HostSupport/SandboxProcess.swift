import Foundation
import LockwiseTestSupport
import Testing

/// A `lockwise-sandbox` of a test's own.
final class SandboxProcess {
  /// The account of the fixture.
  static let email = "marie.curie@example.org"
  static let password = "pitchblende & polonium 1898"

  /// The base URL, also the content root.
  let url: String
  let control: ControlClient
  private let process: RunningProgram
  /// Every request from its start on, whatever a test clears.
  private let log: String
  private(set) var isRunning = true
  /// The account that `edit`, `put`, `account`, `reassign`, `storedLogins` and sign-ins are about, where there are more.
  var currentEmail = SandboxProcess.email
  /// Whether clients of ours may delete collections, or everything, in this test.
  var mayDeleteCollections = false

  /// Starts one with the account of the fixture.
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
      throw TimeIsOver(description: "the sandbox does not start: \(try running.finish().error)")
    }
    self.url = String(line)
    control = ControlClient(port: port)
  }

  /// No test need ask for it: nothing of ours may have wiped anything or written over what it has not seen.
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

  /// Lets it answer no more, though connections to it are taken (by the kernel, listen(2)), until `resume()`.
  func pause() { process.signal(SIGSTOP) }

  /// Ends a `pause()`.
  func resume() { process.signal(SIGCONT) }

  /// Asks it to end, which saves its state file.
  func stop() throws {
    isRunning = false
    process.signal(SIGTERM)
    _ = try process.finish(timeout: 20)
  }

  /// Sets switches; `NSNull()` gives one its first value back.
  func set(_ switches: [String: Any]) throws { try control.send("POST", "/__sandbox__/switches", switches) }

  /// Replaces the faults.
  func faults(_ faults: [[String: Any]]) throws { try control.send("POST", "/__sandbox__/faults", faults) }

  /// One fault.
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

  /// Moves the account to another storage node, with what it has stored unless told otherwise.
  func reassign(keepData: Bool = true) throws {
    try control.send("POST", "/__sandbox__/reassign", ["email": currentEmail, "keepData": keepData])
  }

  /// What was asked of the servers so far.
  func requests() throws -> [LoggedRequest] {
    try String(decoding: control.send("GET", "/__sandbox__/requests"), as: UTF8.self).split(separator: "\n")
      .map { try LoggedRequest(line: String($0)) }
  }

  /// What was asked since its start, cleared or not, even if it has ended.
  func requestsSinceStart() throws -> [LoggedRequest] {
    // The last line may be half there when it was killed.
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
    let whole = text.last == "\n" || text.isEmpty ? text[...] : text[...(text.lastIndex(of: "\n") ?? text.startIndex)]
    return try whole.split(separator: "\n").filter { $0 != "" }.map { try LoggedRequest(line: String($0)) }
  }

  func clearRequests() throws { try control.send("DELETE", "/__sandbox__/requests") }

  /// The state, without secrets.
  func snapshot() throws -> [String: Any] {
    try control.json("GET", "/__sandbox__/state") as? [String: Any] ?? [:]
  }

  /// How many sessions, key-fetch tokens and refresh tokens the server knows.
  func tokensLeft() throws -> TokensLeft {
    let accounts = try snapshot()["accounts"] as? [[String: Any]] ?? []
    func count(_ name: String) -> Int { accounts.reduce(0) { $0 + (($1[name] as? [Any])?.count ?? 0) } }
    return TokensLeft(
      sessions: count("sessions"), refreshTokens: count("refreshTokens"),
      keyFetchTokens: accounts.reduce(0) { $0 + ($1["keyFetchTokens"] as? Int ?? 0) })
  }
}

/// What a sign-in may leave on the server.
struct TokensLeft: Equatable {
  var sessions = 0
  var refreshTokens = 0
  var keyFetchTokens = 0
}
