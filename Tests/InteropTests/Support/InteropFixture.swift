import Foundation
import Testing

@testable import LockwiseHostSupport

/// A sandbox with the Firefoxes and vaults that are signed in to it, used by one test at a time.
final class InteropFixture: @unchecked Sendable {
  let sandbox: SandboxProcess
  private let scratch: Scratch
  private(set) var firefoxes: [FirefoxProcess] = []
  private(set) var vaults: [TestHome] = []
  /// The number of log lines that were inspected.
  private var inspected = 0
  private var accounts = 1

  /// Starts a sandbox with an account and an empty storage.
  init(_ options: [String] = []) throws {
    scratch = try Scratch()
    sandbox = try SandboxProcess(options, isFresh: true, environment: scratch.environment)
  }

  /// Creates another account with an empty storage, and resets the first Firefox to a new profile.
  ///
  /// - Returns: that Firefox, not signed in.
  func startOver() throws -> FirefoxProcess {
    vaults = []
    try firefoxes[0].signOut(wiping: true)
    accounts += 1
    let email = "guest\(accounts)@example.org"
    try sandbox.account(["create": email, "password": SandboxProcess.password])
    sandbox.currentEmail = email
    return firefoxes[0]
  }

  /// Signs the first Firefox in to the account.
  func signFirefoxIn(password: String = SandboxProcess.password) throws {
    try firefoxes[0].signIn(email: sandbox.currentEmail, password: password)
  }

  /// The requests of Firefox to the storage since a mark.
  func firefoxRequests(since mark: Int = 0) throws -> [LoggedRequest] {
    try sandbox.requestsSinceStart().dropFirst(mark).filter { $0.isStorage && $0.agent == "Firefox" }
  }

  /// The number of requests so far.
  func mark() throws -> Int { try sandbox.requestsSinceStart().count }

  /// Starts a Firefox with a new profile, which syncs only on request.
  @discardableResult
  func addFirefox(isSignedIn: Bool = true) throws -> FirefoxProcess {
    let firefox = try FirefoxProcess(in: scratch.root + "/firefox-\(firefoxes.count)", server: sandbox.url)
    try firefox.start()
    try firefox.holdAutomaticSync()
    FirefoxVersion.note(try firefox.version())
    if isSignedIn { try firefox.signIn(email: sandbox.currentEmail) }
    firefoxes.append(firefox)
    return firefox
  }

  /// Creates a vault.
  @discardableResult
  func addVault(isSignedIn: Bool = true) throws -> TestHome {
    let vault = try TestHome(sandbox: sandbox)
    vault.mayWrite = true
    // The fixture itself checks rejected requests.
    vault.mayBeRejected = true
    if isSignedIn { try vault.login("--key-file", vault.scratch.keyFile).expectSuccess() }
    vaults.append(vault)
    return vault
  }

  // MARK: RequestPolicy

  /// Runs a test in which servers refuse requests with some statuses.
  func provoking<Result>(_ statuses: Set<Int>, _ body: () throws -> Result) throws -> Result {
    try inspectRequests()
    let result = try body()
    try inspectRequests(allowing: statuses)
    return result
  }

  /// Runs `body` while no server can be reached.
  func offline(_ body: () throws -> Void) throws {
    try provoking([Self.dropped]) {
      try sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
      try body()
      try sandbox.clearFaults()
    }
  }

  /// Stands for the status of a request without a response.
  static let dropped = 0

  /// Records an issue for each request since the last inspection that the sandbox did not serve, for each unexpected
  /// refusal, and for each DELETE of our programs.
  func inspectRequests(allowing statuses: Set<Int> = []) throws {
    let requests = try sandbox.requestsSinceStart()
    for request in requests.dropFirst(inspected) {
      for complaint in complaints(about: request, allowing: statuses) { Issue.record("\(complaint): \(request)") }
    }
    inspected = requests.count
  }

  private func complaints(about request: LoggedRequest, allowing statuses: Set<Int>) -> [String] {
    var complaints = request.notes.filter { $0.hasPrefix("unserved") || $0.hasPrefix("internal") }
    if request.agent == "lockwise", request.isStorage, request.method == "DELETE" {
      complaints.append("a DELETE of ours")
    }
    // A missing record gets 404.
    let isRefused = request.status.map { $0 >= 400 && $0 != 404 } ?? true
    if isRefused, !statuses.contains(request.status ?? Self.dropped) { complaints.append("refused") }
    return complaints
  }

  // MARK: Logins of each side

  /// The id of the account's Sync key.
  func keyID() throws -> String {
    let accounts = try sandbox.snapshot()["accounts"] as? [[String: Any]] ?? []
    return accounts.first { $0["email"] as? String == sandbox.currentEmail }?["kid"] as? String ?? ""
  }

  /// Returns the logins on the server, decrypted by the sandbox, without tombstones.
  func stored() throws -> SyncedLogins {
    SyncedLogins(try sandbox.storedLogins().map { id, members in members.merging(["id": id]) { old, _ in old } })
  }

  /// The ids of the tombstones on the server.
  func tombstones() throws -> Set<String> {
    let records = try sandbox.decrypted("passwords")
    return Set(
      records.filter { ($0["cleartext"] as? [String: Any])?["deleted"] != nil }.compactMap { $0["id"] as? String })
  }

  /// Syncs all sides twice, so that each sees all changes.
  func syncAll() throws {
    for _ in 0..<2 {
      for firefox in firefoxes { try firefox.sync() }
      for vault in vaults { try vault.pull() }
    }
  }

  /// Records an issue unless all Firefoxes and vaults have the same logins as the server, with equal members.
  func expectAgreement(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let stored = try stored()
    for (index, firefox) in firefoxes.enumerated() {
      let text = try firefox.syncedLogins().differences(from: stored, withTimes: false)
      #expect(text.isEmpty, "Firefox \(index) and the server differ:\n\(text)", sourceLocation: sourceLocation)
    }
    for (index, vault) in vaults.enumerated() {
      let text = try vault.syncedLogins().differences(from: stored, withTimes: true)
      #expect(text.isEmpty, "vault \(index) and the server differ:\n\(text)", sourceLocation: sourceLocation)
    }
  }
}

extension FirefoxProcess {
  /// The logins by id.
  func syncedLogins() throws -> SyncedLogins { SyncedLogins(try loginRecords()) }

  /// The version, such as `153.7.0`.
  func version() throws -> String { try executeScript("return Services.appinfo.version", in: .chrome) as? String ?? "" }
}
