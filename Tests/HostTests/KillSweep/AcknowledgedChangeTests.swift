import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Two vaults of one account repeatedly change a few logins while pushes are killed, requests and responses are lost,
/// and clocks are set. No acknowledged change is undone by an older one (issue 12, A1).
///
/// `LOCKWISE_SWEEP=kills` sets the number of runs to kill (40).
@Suite final class AcknowledgedChangeTests {
  /// The failure of a request. Usually the server accepts it and the response is lost.
  private static let faults: [[String: FaultValue]] = [
    ["dropAfter": true], ["dropAfter": true], ["dropAfter": true], ["truncateBody": 5, "process": true],
    ["status": 502, "body": "", "process": true], ["dropBefore": true], ["status": 412, "body": "0"],
  ]

  let home: Scratch
  let sandbox: SandboxProcess

  init() throws {
    home = try Scratch()
    sandbox = try SandboxProcess(environment: home.environment)
  }

  private static func variable(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  private static var now: Milliseconds { .now() }

  @Test(.ownThread) func undoesNoAcknowledgedChange() throws {
    let wanted = Int(Self.variable("LOCKWISE_SWEEP") ?? 40)
    let seed = TestSeed.seed(for: "acknowledged changes")
    var random = SeededGenerator(seed: seed)
    let clients = [try SweepClient(sandbox.url, number: 0), try SweepClient(sandbox.url, number: 1)]
    var history = SweepHistory()
    var losses: [String] = []
    /// The events in order, printed at the first loss.
    var journal: [String] = []
    var (kills, faults, step) = (0, 0, 0)

    /// One change, durable when this returns.
    func change(_ client: SweepClient, _ guids: [String]) throws {
      step += 1
      let step = step
      let guid = guids[Int.random(in: 0..<guids.count, using: &random)]
      let kind = Int.random(in: 0..<10, using: &random)
      journal.append("\(step): vault \(client.number) changes \(guid), kind \(kind)")
      try client.withVault { vault in
        guard let login = try vault.login(guid: guid) else { return }
        let editor = LoginEditor(vault: vault) { Self.now }
        var changes = LoginChanges()
        switch kind {
        case 0:
          try editor.delete(guid: guid)
          history.delete(login, in: client.number)
        case 1, 2:
          changes.members = [("n\(step)", SecretBytes(utf8: "\(step)"))]
          try editor.change(guid: guid, changes)
          history.setMember("n\(step)", of: guid)
        default:
          changes.password = SecretBytes(utf8: "s\(step)")
          try editor.change(guid: guid, changes)
          history.setPassword("s\(step)", of: login, in: client.number)
        }
      }
    }

    func push(_ client: SweepClient) throws {
      if Int.random(in: 0..<3, using: &random) > 0 {
        let action = Self.faults[Int.random(in: 0..<Self.faults.count, using: &random)]
        let method = Int.random(in: 0..<4, using: &random) > 0 ? "POST" : "GET"
        try sandbox.faults([["match": ["method": method, "path": "/storage"], "action": action.mapValues(\.value)]])
        faults += 1
        journal.append("\(step): \(action) at the next \(method)")
      }
      let process = try client.start(["push", "--quiet"], nil, under: nil)
      if kills < wanted, Bool.random(using: &random) {
        usleep(UInt32.random(in: 0..<80_000, using: &random))
        if !process.hasEnded {
          process.signal(SIGKILL)
          kills += 1
        }
      }
      let run = try process.finish()
      journal.append("\(step): vault \(client.number) pushed: \(run.ending)")
      try sandbox.clearFaults()
    }

    let fixture = Set(try clients[0].logins().keys)
    var guids = Array(fixture.sorted().prefix(4))
    while kills < wanted || step < 120 {
      if step % 40 == 0 {
        // New logins replace deleted ones.
        for number in 0..<2 {
          let client = clients[number]
          let draft = LoginDraft(
            origin: "https://sweep-\(step)-\(number).example", target: .realm("r"), username: "u",
            password: SecretBytes(utf8: "new"))
          guids.append(try client.withVault { try LoginEditor(vault: $0) { Self.now }.add(draft) }.guid)
        }
        guids = Array(guids.suffix(6))
      }
      // Less than a signature tolerates, so the client does not notice.
      if Int.random(in: 0..<3, using: &random) == 0 {
        let offset = [-55, 0, 55][Int.random(in: 0..<3, using: &random)]
        try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": offset])
        journal.append("\(step): the server's clock is off by \(offset) s")
      }
      let client = clients[Int.random(in: 0..<2, using: &random)]
      for _ in 0..<Int.random(in: 1...3, using: &random) { try change(client, guids) }
      try push(client)
      let found = history.observe(try client.logins(), in: client.number, keepsDeletions: true)
      if losses.isEmpty, !found.isEmpty { print((journal + found).joined(separator: "\n")) }
      losses += found
    }

    try sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 0])
    for _ in 0..<3 {
      for client in clients { try client.run("push").expectSuccess() }
    }
    let server = try sandbox.storedLogins()
    losses += history.losses(in: server, keepsDeletions: true)
    for client in clients {
      let logins = try client.logins()
      let passwords = logins.mapValues { $0.password.exposedText() ?? "" }
      if passwords != server.mapValues({ $0["password"] as? String ?? "" }) { losses.append("a vault differs") }
      if try client.withVault({ try !$0.outbox().isEmpty }) { losses.append("a change waits") }
    }
    #expect(losses == [], "seed \(seed)")
    print(
      "acknowledged changes: \(kills) kills, \(faults) faults, \(history.count) changes, \(losses.count) losses (seed \(seed))"
    )
  }
}
