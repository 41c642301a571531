import Foundation
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Programs that write to the vault at the same time (issue 12, A4).
@Suite(.serialized) final class WriterQueueTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func request(_ number: Int) -> String {
    "protocol=https\nhost=h\(number).example\nusername=u\npassword=p\(number)\n"
  }

  /// Starts a store, by a helper and with a `lockwise-sync` that no other test runs.
  private func store(_ number: Int) throws -> RunningProgram {
    for program in ["git-credential-lockwise", "lockwise-sync"]
    where access(stage.scratch.root + "/" + program, X_OK) != 0 {
      _ = try stage.scratch.copy(of: program)
    }
    return try RunningProgram(
      stage.scratch.root + "/git-credential-lockwise", ["store"], input: .text(request(number)),
      environment: stage.scratch.environment)
  }

  private func expectStored(_ count: Int) throws {
    for number in 0..<count {
      #expect(try stage.get("protocol=https\nhost=h\(number).example\n").password == "p\(number)")
    }
  }

  private func vault() throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .writing)
    return try file.unlock(#require(file.slots().first), with: Unlocker.readKeyFile(stage.scratch.keyFile))
  }

  /// Helpers wait for their turn, however long another one takes, and none is refused.
  @Test(.ownThread) func storesFromSixteenHelpersAtOnce() throws {
    var update: (any MirrorUpdate)? = try vault().beginMirrorUpdate()
    let stores = try (0..<16).map { try store($0) }
    usleep(7_000_000)
    #expect(stores.allSatisfy { !$0.hasEnded } && update != nil, "they wait")
    update = nil
    for store in stores {
      let run = try store.finish().expectSuccess()
      #expect(run.output.isEmpty && run.error.isEmpty, "\(run.error)")
    }
    try expectStored(16)
  }

  /// The runs of `lockwise-sync push` for this vault, by the path of the program: the environment of a process that is
  /// not dumpable is root's.
  private func pushes() -> Int {
    let command = (stage.scratch.root as NSString).lastPathComponent + "/lockwise-sync\0push\0"
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.filter { name in
      guard Int(name) != nil, let found = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
        return false
      }
      return String(decoding: found, as: UTF8.self).contains(command)
    }.count
  }

  @Test(.ownThread) func runsOnePushWhileAnotherWaits() throws {
    stage.sandbox.pause()
    for number in 0..<20 { try store(number).finish().expectSuccess() }
    let hasSettled = Deadline(seconds: 30).await {
      usleep(100_000)
      return pushes() == 2
    }
    #expect(hasSettled, "\(pushes()) pushes")
    usleep(500_000)
    #expect(pushes() == 2)
    stage.sandbox.resume()
    let isUploaded = try Deadline(seconds: 60).await {
      usleep(100_000)
      return try stage.sandbox.storedLogins().values.filter {
        ($0["hostname"] as? String)?.hasPrefix("https://h") ?? false
      }
      .count == 20
    }
    #expect(isUploaded)
  }

  /// A push that the user started does its own work, even if another one waits.
  @Test(.ownThread) func runsAForegroundPushItself() throws {
    stage.sandbox.pause()
    for number in 0..<3 { try store(number).finish().expectSuccess() }
    let push = try RunningProgram(
      Executables.path("lockwise-sync"), ["push"], environment: stage.scratch.environment)
    usleep(1_000_000)
    #expect(!push.hasEnded)
    stage.sandbox.resume()
    try push.finish().expectSuccess()
    #expect(try stage.status()["waiting"] as? Int == 0)
  }

  @Test(.ownThread) func leavesTheVaultUnlockedDuringASlowPull() throws {
    try stage.sandbox.set(["storage.page": 10])
    let other = try TestHome(sandbox: stage.sandbox)
    other.mayWrite = true
    try other.login("--key-file", other.scratch.keyFile).expectSuccess()
    try stage.sandbox.fault("storage/passwords", count: 0, ["delayMs": 1500])
    let pull = try RunningProgram(
      Executables.path("lockwise-sync"), ["pull"], environment: other.scratch.environment)
    usleep(2_500_000)
    let store = try RunningProgram(
      Executables.path("git-credential-lockwise"), ["store"], input: .text(request(0)),
      environment: other.scratch.environment)
    try store.finish().expectSuccess()
    #expect(!pull.hasEnded, "the store had to wait for the pull")
    try stage.sandbox.clearFaults()
    try pull.finish().expectSuccess()
    #expect(try other.get("protocol=https\nhost=github.com\n").username == "mcurie")
    #expect(try other.get("protocol=https\nhost=h0.example\n").password == "p0")
  }
}
