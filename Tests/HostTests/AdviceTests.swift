import Foundation
import Testing

@testable import LockwiseHostSupport

/// Common mistakes, and the hints for them.
@Suite final class AdviceTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test func nobodyIsSignedInYet() throws {
    for command in ["pull", "status", "unlock", "lock", "devices", "logout"] {
      let run = try stage.sync(command)
      run.expectRefusal(2, "there is no vault")
      let hint = run.errorLines.filter { $0.contains("hint: ") }.joined(separator: "\n")
      let places = ["lockwise-sync setup", "lockwise-sync login", "--local", "--from-firefox", "--browser", "password"]
        .map { hint.firstRange(of: $0)?.lowerBound }
      #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(hint)")
    }
  }

  @Test(
    arguments: [
      ("pul", "pull"), ("statsu", "status"), ("stat", "status"), ("logut", "logout"), ("unlok", "unlock"),
      ("LOGIN", "login"),
      ("doctro", "doctor"), ("wip", "wipe"), ("delete-colection", "delete-collection"), ("sync", nil), ("xyzzy", nil),
      ("", nil),
    ] as [(String, String?)])
  func suggestsTheNearestCommand(typed: String, meant: String?) throws {
    let run = try stage.sync(typed)
    run.expectRefusal(64, "error: unknown command \(typed)", "hint: see lockwise-sync --help")
    #expect(run.error.contains("did you mean: lockwise-sync \(meant ?? "")\n") == (meant != nil), "\(run.error)")
  }

  /// systemd.service(5): a timer's run without a network is not a failure.
  @Test func succeedsOfflineInTheTimersService() throws {
    try stage.signInAndPull()
    stage.sandbox.kill()
    let status = try stage.sync("pull", "--quiet").status
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let unit = try String(contentsOf: root.appending(path: "contrib/systemd/lockwise-pull.service"), encoding: .utf8)
    let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("SuccessExitStatus=") })
    let accepted = line.dropFirst("SuccessExitStatus=".count).split(separator: " ").compactMap { Int32($0) }
    #expect(status.map { accepted.contains($0) } == true, "\(String(describing: status)) is not in \(line)")
    #expect(accepted.contains(3) && accepted.contains(8))
  }
}
