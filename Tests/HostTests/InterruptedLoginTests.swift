import Foundation
import Testing

@testable import LockwiseHostSupport

/// Ctrl-C while a sign-in waits for a slow server leaves nothing on this machine or the server.
@Suite final class InterruptedLoginTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    // The requests after the end of the session.
    stage.mayBeRejected = true
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func leavesNothingAtAnyRequest(signal: Int32) throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let paths = try stage.sandbox.requests().map(\.path)
    try stage.sync("logout").expectSuccess()
    for (index, path) in paths.enumerated() {
      try stage.sandbox.fault(nth: index + 1, ["delayMs": 60_000])
      let login = try RunningProgram(
        Executables.path("lockwise-sync"),
        ["login", "--server", stage.sandbox.url, "--password-stdin", "--no-pull", "--key-file", stage.scratch.keyFile]
          + [SandboxProcess.email],
        input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment)
      let isWaiting = try Deadline(seconds: 30).await {
        let faults = try stage.sandbox.control.json("GET", "/__sandbox__/faults") as? [[String: Any]]
        return faults?.first?["matches"] as? Int == index + 1
      }
      #expect(isWaiting, "\(path)")
      login.signal(signal)
      let run = try login.finish(timeout: 20)
      try stage.sandbox.clearFaults()
      if index == 0 {
        // There is nothing to clean up yet.
        #expect(run.ending == .killed(signal: signal), "\(run.ending)")
      } else {
        #expect(run.ending == .exited(130), "\(path): \(run.ending)")
        #expect(run.error.contains("error: cancelled"), "\(path): \(run.error)")
        run.expectWellFormedErrors(by: "lockwise-sync")
      }
      #expect(stage.scratch.vaultFiles.isEmpty, "\(path)")
      let left = try stage.sandbox.tokensLeft()
      #expect(left.refreshTokens == 0, "\(path)")
      if !path.hasSuffix("/session/destroy") { #expect(left.sessions == 0, "\(path)") }
      try stage.sandbox.account(["revokeSessions": true, "revokeRefreshTokens": true])
    }
    #expect(paths.count >= 7)
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
  }
}
