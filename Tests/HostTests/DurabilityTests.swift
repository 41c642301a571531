import Foundation
import Testing

@testable import LockwiseHostSupport

/// A change is on the disk before git learns that it is stored.
@Suite struct DurabilityTests {
  private let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  /// With `synchronous=NORMAL`, SQLite writes the log and waits for the disk only at the next checkpoint. The lock on
  /// byte 120 of `vault.db-shm` is that of the writer (SQLite, "WAL-Index Locks"): once it is released, others see the
  /// change.
  @Test(
    .needsTextsInTrace,
    arguments: [
      ("store", "protocol=https\nhost=new.example\nusername=u\npassword=p\n"),
      ("erase", "protocol=https\nhost=new.example\nusername=u\npassword=p\n"),
    ])
  func writesAChangeToDiskBeforeItIsVisible(verb: String, request: String) throws {
    if verb == "erase" {
      try Run.program(
        Executables.path("git-credential-lockwise"), ["store"], input: .text(request),
        environment: stage.scratch.environment
      ).expectSuccess()
    }
    let (trace, run) = try SystemCallTrace.of(
      Executables.path("git-credential-lockwise"), [verb], input: .text(request),
      environment: stage.scratch.environment.merging(["LOCKWISE_PULL_INTERVAL": "0"]) { $1 }, in: stage.scratch.root)
    run.expectSuccess()
    let calls = trace.calls
    func isOn(_ suffix: String, _ call: SystemCallTrace.Call) -> Bool {
      call.descriptor?.hasSuffix("/vault.db" + suffix) == true
    }
    let written = calls.indices.filter { isOn("-wal", calls[$0]) && calls[$0].name.contains("write") }
    let first = try #require(written.first, "nothing was written to the log")
    let released = try #require(
      calls.indices.first { index in
        index > first && isOn("-shm", calls[index]) && calls[index].name == "fcntl"
          && calls[index].arguments.contains("F_UNLCK") && calls[index].arguments.contains("l_start=120,")
      }, "the writer's lock was never released")
    let last = try #require(written.last { $0 < released })
    let isSynced = calls[last..<released].contains {
      isOn("-wal", $0) && ["fdatasync", "fsync"].contains($0.name) && $0.result == "0"
    }
    #expect(isSynced, "the log was not on the disk when the change became visible")
  }
}
