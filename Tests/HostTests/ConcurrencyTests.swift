import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Two hundred requests at once while the vault is updated, locked and unlocked.
@Suite(.serialized) final class ConcurrencyTests {
  private static let passphrase = "polonium"

  let stage: TestHome

  init() throws { stage = try TestHome() }

  /// Sends 200 requests at once. Every answer must be one of these, or a refusal if that is allowed.
  private func askAll(_ hosts: [String: Set<String>], mayBeLocked: Bool) throws -> (answers: Int, refusals: Int) {
    let names = hosts.keys.sorted()
    let helper = try Executables.path("git-credential-lockwise")
    let running = try (0..<200).map { number in
      let host = names[number % names.count]
      return (
        host,
        try RunningProgram(
          helper, ["get"], input: .text("protocol=https\nhost=\(host)\n"), environment: stage.scratch.environment)
      )
    }
    var counts = (answers: 0, refusals: 0)
    for (host, program) in running {
      let run = try program.finish()
      #expect(run.ending == .exited(0), "\(host): \(run.ending)")
      if let password = run.password {
        #expect(hosts[host]?.contains(password) == true, "\(host): \(password)")
        #expect(run.error.isEmpty, "\(run.error)")
        counts.answers += 1
      } else {
        #expect(mayBeLocked, "\(host): no answer: \(run.error)")
        #expect(run.outputBytes.isEmpty)
        #expect(run.error.contains("the vault is locked"), "\(run.error)")
        counts.refusals += 1
      }
    }
    return counts
  }

  private func change(_ password: String) throws {
    let origin = "https://changing.example"
    try stage.sandbox.put([
      LoginJSON("changing0000", origin: origin, realm: nil, form: origin, password: password).object
    ])
  }

  /// Runs commands repeatedly until they should stop. Each must exit with one of these statuses.
  private func repeating(_ commands: [String], statuses: Set<Int32>, while body: () throws -> Void) throws {
    let list = commands.map {
      "\($0)\ns=$?\ncase $s in \(statuses.map(String.init).joined(separator: "|"))) ;; *) exit $s;; esac"
    }
    let stop = stage.scratch.root + "/stop"
    unlink(stop)
    let loop = try RunningProgram(
      "/bin/sh", ["-c", "while ! [ -e \(stop) ]; do\n\(list.joined(separator: "\n"))\ndone"],
      environment: stage.scratch.environment)
    try body()
    #expect(!loop.hasEnded, "one of \(commands) failed")
    try stage.scratch.write("", to: stop)
    let run = try loop.finish()
    #expect(run.ending == .exited(0), "\(commands): \(run.ending) \(run.error)")
  }

  @Test func answersDuringAPull() throws {
    try change("0")
    try stage.signInAndPull()
    let hosts: [String: Set<String>] = [
      "github.com": ["ghp_webAndGit0123456789"], "site01.example": ["pw-1-é"], "gitlab.com": ["glpat-abcdefghij"],
    ]
    for round in 1...3 {
      try change(String(round))
      try stage.sandbox.fault("storage/passwords", ["delayMs": 300])
      let pull = try RunningProgram(
        Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment)
      let counts = try askAll(
        hosts.merging(["changing.example": [String(round - 1), String(round)]]) { $1 }, mayBeLocked: false)
      #expect(counts.answers == 200)
      try pull.finish().expectSuccess()
      #expect(try stage.get("protocol=https\nhost=changing.example\n").password == String(round))
    }
  }

  @Test(.needsKeyring) func answersWhileTheKeyFileUnlocks() throws {
    try stage.signInAndPull()
    try repeating(
      ["lockwise-sync lock", "lockwise-sync unlock", "lockwise-sync pull --quiet", "lockwise-sync status >/dev/null"],
      statuses: [0]
    ) {
      for _ in 0..<2 {
        let counts = try askAll(["github.com": ["ghp_webAndGit0123456789"]], mayBeLocked: false)
        #expect(counts.answers == 200)
      }
    }
  }

  @Test(.needsKeyring) func answersWhileThePassphraseUnlocks() throws {
    try stage.signInAndPull(passphrase: Self.passphrase)
    let pinentry = stage.scratch.root + "/pinentry"
    try stage.scratch.write(
      "#!/bin/sh\necho OK\nwhile read -r l; do [ \"$l\" != GETPIN ] || echo D \(Self.passphrase); echo OK; done\n",
      to: pinentry)
    var answers = 0
    var refusals = 0
    try repeating(
      ["lockwise-sync lock", "DISPLAY=:0 LOCKWISE_PINENTRY=\(pinentry) lockwise-sync unlock"], statuses: [0]
    ) {
      // Until both answers have occurred.
      let deadline = Deadline(seconds: 30)
      repeat {
        let counts = try askAll(["github.com": ["ghp_webAndGit0123456789"]], mayBeLocked: true)
        answers += counts.answers
        refusals += counts.refusals
      } while (answers == 0 || refusals == 0) && !deadline.isOver
    }
    #expect(answers > 0 && refusals > 0, "\(answers) answers, \(refusals) refusals")
  }

  @Test func createsOneVaultForSimultaneousSignIns() throws {
    try stage.scratch.write(String(repeating: "key", count: 20), to: stage.scratch.keyFile)
    let programs = try (0..<4).map { _ in
      try RunningProgram(
        Executables.path("lockwise-sync"),
        ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile]
          + [SandboxProcess.email],
        input: .beginning("\(SandboxProcess.password.prefix(1))"), environment: stage.scratch.environment)
    }
    // Whether there is a vault already is determined before the password is read.
    let deadline = Deadline(seconds: 60)
    while !programs.allSatisfy(\.hasReadInput), !deadline.isOver { usleep(2000) }
    for program in programs { program.finishInput(SandboxProcess.password.dropFirst() + "\n") }
    let runs = try programs.map { try $0.finish() }
    #expect(runs.filter { $0.ending == .exited(0) }.count == 1, "\(runs.map(\.ending)) \(runs.map(\.error))")
    for run in runs where run.ending != .exited(0) { run.expectRefusal(1, "cannot create a vault") }
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))
    try stage.sync("pull").expectSuccess()
    #expect(try stage.get("protocol=https\nhost=github.com\n").username == "mcurie")
  }

  @Test func runsManyPullsAtOnce() throws {
    try stage.signInAndPull()
    try change("new")
    try stage.sandbox.clearRequests()
    let programs = try (0..<8).map { _ in
      try RunningProgram(Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment)
    }
    for program in programs { try program.finish().expectSuccess() }
    #expect(try stage.get("protocol=https\nhost=changing.example\n").password == "new")
    let downloads = try stage.sandbox.requests().filter { $0.path.contains("storage/passwords") }
    #expect(downloads.count == 1, "\(downloads)")
  }
}
