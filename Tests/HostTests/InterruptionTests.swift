import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Pulls that are interrupted at any point leave the vault as before or after, and the next pull works.
@Suite final class InterruptionTests {
  /// The failures of a response.
  static let actions: [[String: FaultValue]] = [
    ["dropBefore": true], ["dropAfter": true], ["truncateBody": 0, "process": true],
    ["truncateBody": 30, "process": true], ["status": 200, "body": "garbage"],
    ["status": 200, "body": "<html>Welcome to the hotel</html>"], ["status": 200, "body": "[{\"id\":"],
    ["status": 200, "body": ""], ["status": 500, "body": "\"oops\""], ["status": 503, "body": "0"],
    ["status": 401, "body": "0"], ["status": 403, "body": "0"], ["status": 404, "body": "0"],
    ["status": 412, "body": "0"], ["status": 302, "body": ""],
  ]

  private static let before = ["site05": "pw-5-é", "site06": "pw-6-é", "site07": "pw-7-é", "added": nil]
  private static let after = ["site05": "five", "site06": nil, "site07": "seven", "added": "new"]

  let stage: TestHome
  var files: [String: Data] = [:]

  init() throws { stage = try TestHome() }

  /// An outdated vault of a storage that is read in pages of one record.
  private func prepare() throws {
    try stage.signInAndPull()
    let logins = try ExpectedLogin.all()
    func change(_ host: String, _ password: String, id: String? = nil) throws -> [String: Any] {
      let guid = try id ?? #require(logins.first { $0.origin == "https://\(host).example" }).guid
      let origin = "https://\(host).example"
      return [
        "collection": "passwords", "id": guid,
        "cleartext": LoginJSON(guid, origin: origin, realm: nil, form: origin, username: "user", password: password)
          .object,
      ]
    }
    let tombstone = try #require(logins.first { $0.origin == "https://site06.example" }).guid
    try stage.sandbox.edit([
      "edits": [
        try change("site05", "five"), ["collection": "passwords", "id": tombstone, "tombstone": true],
        try change("site07", "seven"), try change("added", "new", id: "added0000000"),
      ]
    ])
    try stage.sandbox.set(["storage.page": 1])
    files = try stage.scratch.readVault()
    stage.mayBeRejected = true
  }

  /// The passwords in the vault.
  private func copy() throws -> [String: String?] {
    try Dictionary(
      uniqueKeysWithValues: Self.before.keys.map {
        ($0, try stage.get("protocol=https\nhost=\($0).example\n").expectSuccess().password)
      })
  }

  @Test(arguments: actions)
  func survivesAFailureOfAnyRequest(action: [String: FaultValue]) throws {
    try prepare()
    try stage.sandbox.clearRequests()
    try stage.sync("pull").expectSuccess()
    let count = try stage.sandbox.requests().count
    #expect(count >= 5)
    for number in 1...count {
      try stage.scratch.restoreVault(files)
      try stage.sandbox.fault(nth: number, action.mapValues(\.value))
      let run = try stage.sync("pull")
      try stage.sandbox.clearFaults()
      let place = "request \(number) of \(count)"
      #expect(run.status.map { [0, 4, 5, 6, 8].contains($0) } == true, "\(place): \(run.ending): \(run.error)")
      run.expectWellFormedErrors(by: "lockwise-sync")
      for sign in ["{", "<html", "garbage"] { #expect(!run.error.contains(sign), "\(run.error)") }
      try expectWhole(run, place)
    }
  }

  /// The vault has the old or the new logins, the new ones if the pull reports success, and the next pull gets the new
  /// ones.
  private func expectWhole(_ run: Run, _ place: String) throws {
    let state = try copy()
    if run.status == 0 {
      #expect(state == Self.after, "\(place)")
    } else {
      #expect(state == Self.before || state == Self.after, "\(place): neither before nor after: \(state)")
    }
    let next = try stage.sync("pull")
    // A pause that the server requested is kept.
    guard next.status != 8 else { return }
    #expect(next.status == 0, "\(place), the next pull: \(next.error)")
    #expect(try copy() == Self.after, "\(place), the next pull")
  }

  @Test func survivesACrashOfTheServerAtAnyRequest() throws {
    try prepare()
    let state = stage.scratch.root + "/sandbox-state"
    try stage.sandbox.control.send("POST", "/__sandbox__/save", ["path": state])
    let port = String(stage.sandbox.control.port)
    stage.sandbox.kill()
    for number in 1...5 {
      try stage.scratch.restoreVault(files)
      // The same servers restart at the same address, as after a crash.
      let sandbox = try SandboxProcess(
        ["--port", port, "--state", state, "--set", "storage.page=1"], environment: stage.scratch.environment)
      try sandbox.fault(nth: number, ["delayMs": 60_000])
      let pull = try RunningProgram(
        Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment)
      let isWaiting = try Deadline(seconds: 30).await {
        let faults = try sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
        return faults?.first?["matches"] as? Int == number
      }
      #expect(isWaiting, "the pull has no request \(number)")
      sandbox.kill()
      let run = try pull.finish()
      run.expectRefusal(4)
      #expect(try copy() == Self.before, "request \(number)")
      let again = try SandboxProcess(["--port", port, "--state", state], environment: stage.scratch.environment)
      try stage.sync("pull").expectSuccess()
      #expect(try copy() == Self.after, "request \(number)")
      again.kill()
    }
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
  func survivesAnEndAtAnyMoment(signal: Int32) throws {
    let stage = try TestHome(["--generate", "3000"])
    // The helper must not start a pull.
    stage.scratch.environment["LOCKWISE_PULL_INTERVAL"] = "0"
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let empty = try stage.scratch.readVault()
    let begin = ContinuousClock.now
    try stage.sync("pull").expectSuccess()
    let duration = (ContinuousClock.now - begin) / .microseconds(1)
    var interrupted = 0
    var random = TestSeed.generator()
    for _ in 0..<(signal == SIGKILL ? 30 : 6) {
      try stage.scratch.restoreVault(empty)
      let pull = try RunningProgram(
        Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment)
      usleep(UInt32.random(in: 0...UInt32(duration), using: &random))
      pull.signal(signal)
      let ending = try pull.finish().ending
      if ending == .killed(signal: signal) || ending == .exited(130) { interrupted += 1 }
      let logins = try stage.status()["logins"] as? Int
      #expect(logins == 0 || logins == 3046, "\(ending)")
      // A miss would otherwise start a pull.
      let answer = try stage.get(
        "protocol=https\nhost=host002999.example\n", with: ["LOCKWISE_PULL_INTERVAL": "0"]
      ).expectSuccess()
      #expect((answer.username == "user002999") == (logins == 3046))
    }
    #expect(interrupted > 0, "every pull was over before it was ended")
    try stage.scratch.restoreVault(empty)
    try stage.sync("pull").expectSuccess()
    #expect(try stage.status()["logins"] as? Int == 3046)
    #expect(try stage.get("protocol=https\nhost=host002999.example\n").username == "user002999")
  }
}
