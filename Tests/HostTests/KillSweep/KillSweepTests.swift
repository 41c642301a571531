import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Two vaults of one account are changed while every run of `lockwise-sync` may be killed at any moment and every
/// response may fail. In the end both and the server agree, and have every acknowledged change once.
///
/// `LOCKWISE_SWEEP=kills` sets the number of runs to kill (60).
@Suite final class KillSweepTests {
  static let spoiled: [[String: FaultValue]] = [
    ["dropBefore": true], ["dropAfter": true], ["truncateBody": 5, "process": true],
    ["status": 200, "body": "<html>"], ["status": 200, "body": "{", "process": true], ["status": 500, "body": "0"],
    ["status": 502, "body": "", "process": true], ["status": 503, "body": "0"], ["status": 401, "body": "0"],
    ["status": 409, "body": "0"], ["status": 412, "body": "0"], ["status": 413, "body": "17"],
    ["delayMs": 150, "dropAfter": true], ["delayMs": 80],
  ]

  let home: Scratch
  let sandbox: SandboxProcess

  init() throws {
    home = try Scratch()
    sandbox = try SandboxProcess(environment: home.environment)
  }

  @Test(.ownThread) func losesAndDuplicatesNothing() throws {
    let wanted = ProcessInfo.processInfo.environment["LOCKWISE_SWEEP"].flatMap { Int($0) } ?? 60
    let seed = TestSeed.seed(for: "kill sweep")
    var random = SeededGenerator(seed: seed)
    let clients = [try SweepClient(sandbox.url, number: 0), try SweepClient(sandbox.url, number: 1)]
    /// The acknowledged changes. A deletion does not outlive a storage that is set up again, so the test only checks that
    /// it deletes nothing else.
    var history = SweepHistory()
    /// The events in order, printed for lost logins.
    var journal: [String] = []
    var added: [String: (origin: String, password: String)] = [:]
    let fixture = Set(try ExpectedLogin.all().map(\.guid))
    var (kills, faults, changes, step) = (0, 0, 0, 0)
    var disruptions: [Disruption] = []
    var (order, script): ([Disruption], String?) = ([], nil)

    var losses = 0
    func check(_ isThere: Bool, _ what: String) {
      if !isThere {
        losses += 1
        if losses == 1 { print(journal.joined(separator: "\n")) }
      }
      #expect(isThere, "\(what), seed \(seed)")
    }

    func disturb() throws {
      // A pause or delay is enough disruption for the run.
      guard step % 8 != 0, Int.random(in: 0..<5, using: &random) > 1 else { return }
      faults += 1
      guard Bool.random(using: &random) else {
        // The server accepts the upload, and its response is lost.
        try sandbox.faults([["match": ["method": "POST", "path": "/storage"], "action": ["dropAfter": true]]])
        journal.append("\(step): the response to the next upload is lost")
        return
      }
      let action = Self.spoiled[Int.random(in: 0..<Self.spoiled.count, using: &random)]
      let place = ["/storage", "/token/", nil][Int.random(in: 0..<3, using: &random)]
      let number = Int.random(in: 1...6, using: &random)
      try sandbox.fault(place, nth: number, action.mapValues(\.value))
      journal.append("\(step): fault at request \(number) of \(place ?? "all"): \(action)")
    }

    /// Runs a command to its end, or kills it.
    func runOrKill(_ client: SweepClient, _ arguments: [String], _ text: String? = nil) throws -> Run {
      try disturb()
      let process = try client.start(arguments, text, under: script)
      if kills < wanted, Int.random(in: 0..<5, using: &random) > 0 {
        usleep(UInt32.random(in: 0..<120_000, using: &random))
        if !process.hasEnded {
          process.signal(SIGKILL)
          kills += 1
        }
      }
      let run = try process.finish()
      try sandbox.clearFaults()
      if script != nil { client.makeWritable() }
      if case .killed(let number) = run.ending { #expect(number == SIGKILL, "seed \(seed)") }
      let name = client.number == 0 ? "first" : "second"
      journal.append(
        "\(step): \(name) \(arguments.joined(separator: " ")): \(run.ending) \(String(decoding: run.errorBytes, as: UTF8.self))"
      )
      return run
    }

    /// Returns each kind once before any is repeated.
    func disrupt() throws {
      let kinds = Disruption.allCases
      let next = disruptions.count % kinds.count
      if next == 0 { order = kinds.shuffled(using: &random) }
      disruptions.append(order[next])
      script = order[next].script(&random)
      try order[next].happen(to: sandbox)
      journal.append("\(step): \(order[next])")
    }

    /// Sets the server's clock by less than a signature tolerates, so that no client notices.
    func setClock() throws {
      guard Int.random(in: 0..<3, using: &random) == 0 else { return }
      let offset = [-55, 0, 55][Int.random(in: 0..<3, using: &random)]
      try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": offset])
      journal.append("\(step): the server's clock is off by \(offset) s")
    }

    while kills < wanted || changes < 200 || disruptions.count < Disruption.allCases.count {
      step += 1
      script = nil
      if step % 8 == 0 { try disrupt() } else { try setClock() }
      let client = clients[Int.random(in: 0..<2, using: &random)]
      let guids = try client.logins().keys.sorted()
      // Half of the steps change the passwords of the same few logins: a lost response matters only if its login changes
      // again.
      let changesAgain = Bool.random(using: &random)
      let guid = try #require(guids.prefix(changesAgain ? 3 : guids.count).randomElement(using: &random))
      let name = client.number == 0 ? "first" : "second"
      journal.append("\(step): \(name) may change \(guid)")
      switch changesAgain ? 5 : Int.random(in: 0..<10, using: &random) {
      case 0, 1:
        // By the program, which may be killed before it reports anything.
        let origin = "https://sweep-\(step).example"
        let record = LoginJSON(
          origin: origin, realm: "git", password: "p\(step)", more: ["extra": "{\"kept\":[\(step)]}"])
        let run = try runOrKill(client, ["put", "passwords"], record.text)
        if run.status == 0 {
          added[try #require(run.lines.first)] = (origin, "p\(step)")
          changes += 1
        }
      case 2, 3, 4:
        // By the engine, durable when the call returns.
        var change = LoginChanges()
        change.members = [("n\(step)", SecretBytes(utf8: "\(step)"))]
        _ = try client.withVault { try LoginEditor(vault: $0) { Self.now }.change(guid: guid, change) }
        history.setMember("n\(step)", of: guid)
        changes += 1
      case 5, 6:
        // Those that the program adds keep theirs.
        guard fixture.contains(guid) else { break }
        try client.withVault { vault in
          guard let login = try vault.login(guid: guid) else { return }
          var change = LoginChanges()
          change.password = SecretBytes(utf8: "s\(step)")
          try LoginEditor(vault: vault) { Self.now }.change(guid: guid, change)
          history.setPassword("s\(step)", of: login, in: client.number)
        }
        changes += 1
      case 7:
        try client.withVault { vault in
          guard let login = try vault.login(guid: guid) else { return }
          try LoginEditor(vault: vault) { Self.now }.delete(guid: guid)
          history.delete(login, in: client.number)
        }
        changes += 1
      default: break
      }
      _ = try runOrKill(client, ["push", "--quiet"])
      for loss in history.observe(try client.logins(), in: client.number, keepsDeletions: false) { check(false, loss) }
    }

    // Servers request no longer pause.
    usleep(1_100_000)
    for _ in 0..<3 {
      for client in clients { try client.run("push").expectSuccess() }
    }
    let server = try sandbox.storedLogins()
    for client in clients {
      let logins = try client.logins()
      check(logins.keys.sorted() == server.keys.sorted(), "both have the same logins")
      for (guid, login) in logins {
        check(login.password.exposedText() == server[guid]?["password"] as? String, "password of \(guid)")
      }
      #expect(try client.withVault { try $0.outbox().isEmpty })
    }
    for loss in history.losses(in: server, keepsDeletions: false) { check(false, loss) }
    for (guid, login) in added where !history.isDeleted(guid) {
      let found = server.values.filter { $0["hostname"] as? String == login.origin }
      check(found.count == 1, "\(login.origin) is there \(found.count) times")
      check(found.first?["password"] as? String == login.password, "password of \(login.origin)")
      check((found.first?["extra"] as? [String: Any])?["kept"] is [Any], "unknown member of \(login.origin)")
    }
    check(fixture.filter { !history.isDeleted($0) }.subtracting(server.keys).isEmpty, "earlier logins")
    let duplicates = Dictionary(grouping: server.values) { record in
      ["hostname", "formSubmitURL", "httpRealm", "username"].map { "\(record[$0] ?? "-")" }.joined(separator: "\n")
    }
    for (_, records) in duplicates where records.count > 1 {
      check(records.allSatisfy { fixture.contains($0["id"] as? String ?? "") }, "duplicates")
    }
    print(
      "kill sweep: \(kills) kills, \(faults) faults, \(disruptions.count) disruptions, \(changes) changes, "
        + "\(losses) losses (seed \(seed))")
  }

  private static var now: Milliseconds { .now() }
}
