import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Runs of `lockwise-sync` that the helper starts, and answers where prompts are forbidden.
@Suite(.needsKeyring) final class BackgroundRunTests {
  private static let passphrase = "polonium ☢"
  private static let request = "protocol=https\nhost=github.com\n"

  let stage: TestHome
  let pinentry: PinentryScript

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull(passphrase: Self.passphrase)
    pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer(Self.passphrase)
  }

  /// Makes the last pull some hours older.
  private func agePull() throws {
    for name in ["pulled", "pull.lock"] {
      let times = [timeval(tv_sec: time(nil) - 20_000, tv_usec: 0), timeval(tv_sec: time(nil) - 20_000, tv_usec: 0)]
      #expect(utimes(stage.scratch.vault + "/" + name, times) == 0)
    }
  }

  /// A `lockwise-sync` that records its process id, its session, its terminal and what it was given.
  @Test func runsABackgroundPullInItsOwnSession() throws {
    let log = stage.scratch.root + "/sync-log"
    let folder = stage.scratch.root + "/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let helper = folder + "/git-credential-lockwise"
    try Spawn.alone {
      try FileManager.default.copyItem(atPath: Executables.path("git-credential-lockwise"), toPath: helper)
    }
    try stage.scratch.write(
      """
      #!/bin/sh
      stat=$(cat /proc/$$/stat)
      set -- ${stat##*) } "$@"
      session=$4 terminal=$5
      shift $(($# - 3))
      echo "$$ $session $terminal $LOCKWISE_NO_PROMPT $*" >\(log).new
      mv \(log).new \(log)
      """, to: folder + "/lockwise-sync")
    stage.scratch.environment["PATH"] = folder + ":/usr/bin:/bin"
    try agePull()
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", "printf '\(Self.request)' | \(helper) get"], environment: stage.scratch.environment)
    #expect(try terminal.finish().shown.contains("password=ghp_webAndGit0123456789"))
    #expect(Deadline(seconds: 10).await { access(log, R_OK) == 0 }, "no pull was started")
    let fields = try String(contentsOfFile: log, encoding: .utf8).split { $0 == " " || $0 == "\n" }
    #expect(fields.count == 7 && fields[0] == fields[1], "it is not the leader of a session: \(fields)")
    #expect(fields.dropFirst(2) == ["0", "1", "pull", "--quiet", "--background"])
  }

  @Test func neverPromptsInABackgroundPull() throws {
    try stage.sync("lock").expectSuccess()
    stage.scratch.environment["LOCKWISE_UNLOCK_TIME"] = "0"
    try agePull()
    #expect(try stage.get(Self.request).password == "ghp_webAndGit0123456789")
    // The pull has reached its lock, and then ends without a key.
    let isTried = Deadline(seconds: 20).await {
      var info = stat()
      return stat(stage.scratch.vault + "/pull.lock", &info) == 0 && info.st_mtim.tv_sec > time(nil) - 10_000
    }
    #expect(isTried, "no pull was started")
    usleep(1_500_000)
    #expect(pinentry.takeQuestions() == 1)
  }

  static let silent: [[String: String]] = [
    ["LOCKWISE_NO_PROMPT": "1"], ["GIT_TERMINAL_PROMPT": "0"], ["GIT_ASKPASS": "/bin/false"],
    ["LOCKWISE_PINENTRY": "", "DISPLAY": ""],
  ]

  @Test(arguments: silent) func answersFromAnUnlockedVaultWithoutPrompting(variables: [String: String]) throws {
    let run = try stage.get(Self.request, with: variables)
    #expect(run.password == "ghp_webAndGit0123456789")
    #expect(run.error.isEmpty, "\(run.error)")
    try stage.sync("pull", "--quiet", with: variables).expectSuccess()
    #expect(pinentry.takeQuestions() == 0)
  }
}
