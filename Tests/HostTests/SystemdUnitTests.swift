import Foundation
import Testing

@testable import LockwiseHostSupport

/// The units of contrib/systemd, and the script that locks the vault at suspend and with the screen.
@Suite struct SystemdUnitTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("contrib/systemd").path
  private static let hasAnalyze = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")

  private let scratch: Scratch
  private let bin: String

  init() throws {
    scratch = try Scratch()
    bin = scratch.environment["HOME", default: ""] + "/.local/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    try scratch.write("#!/bin/sh\necho \"$*\" >>\(scratch.root)/calls\n", to: bin + "/lockwise-sync")
  }

  @Test(.enabled(if: hasAnalyze, "systemd-analyze is not installed")) func hasValidUnits() throws {
    try FileManager.default.copyItem(atPath: Self.folder + "/lockwise-lock-watch", toPath: bin + "/lockwise-lock-watch")
    let units = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".service") || $0.hasSuffix(".timer") }.sorted()
    #expect(units == ["lockwise-lock.service", "lockwise-pull.service", "lockwise-pull.timer"])
    let run = try Run.program(
      "/usr/bin/systemd-analyze", ["--man=no", "--user", "verify"] + units.map { Self.folder + "/" + $0 },
      environment: scratch.environment.merging(["XDG_RUNTIME_DIR": scratch.root]) { $1 })
    // Unlike systemd itself, it does not search ExecSearchPath.
    let problems = run.errorLines.filter {
      $0 != "lockwise-pull.service: Command lockwise-sync is not executable: No such file or directory"
    }
    #expect(problems == [], "\(run.error)")
    #expect(run.status == 0 || run.errorLines.count > problems.count)
  }

  /// Signals of logind as gdbus(1) prints them, and how often they lock the vault.
  static let signals: [(lines: [String], locks: Int)] = [
    (["/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)"], 1),
    (["/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)"], 0),
    (["/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Lock ()"], 1),
    (["/org/freedesktop/login1/session/_33: org.freedesktop.login1.Session.Lock ()"], 0),
    (["/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Unlock ()"], 0),
    ([property("_32", "{'LockedHint': <true>}")], 1), ([property("_32", "{'LockedHint': <false>}")], 0),
    ([property("_33", "{'LockedHint': <true>}")], 0), ([property("_32", "{'IdleHint': <true>}")], 0),
    (
      [
        "Monitoring signals from all objects owned by org.freedesktop.login1",
        "The name org.freedesktop.login1 is owned by :1.3",
        "/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Lock ()",
        property("_32", "{'LockedHint': <true>}"),
        "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)",
        "/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Lock ()",
      ], 3
    ),
  ]

  private static func property(_ session: String, _ change: String) -> String {
    "/org/freedesktop/login1/session/\(session): org.freedesktop.DBus.Properties.PropertiesChanged "
      + "('org.freedesktop.login1.Session', \(change), @as [])"
  }

  /// Session 32 is the user's, 33 is another's. The monitor stays open until it is ended, as the real one does.
  @Test(arguments: signals) func locksTheVaultAtSuspendAndWithTheScreen(lines: [String], locks: Int) throws {
    let sleeps = lines.contains { $0.contains("PrepareForSleep (true") }
    let printed = lines.map { "echo \"\($0)\"\n" }.joined()
    try scratch.write(
      "#!/bin/sh\n\(printed)\(sleeps ? "exec sleep 30" : "sleep 0.3")\n", to: bin + "/gdbus")
    try scratch.write(
      "#!/bin/sh\ncase $3 in */_32) echo \"(uo) $(id -u) \\\"/x\\\"\";; *) echo '(uo) 4711 \"/x\"';; esac\n",
      to: bin + "/busctl")
    let run = try Run.program(
      Self.folder + "/lockwise-lock-watch",
      environment: scratch.environment.merging(["PATH": bin + ":/usr/bin:/bin"]) { $1 }, timeout: 10)
    #expect(run.status == 0, "\(run.error)")
    let calls = (try? String(contentsOfFile: scratch.root + "/calls", encoding: .utf8)) ?? ""
    #expect(calls == String(repeating: "lock\n", count: locks))
  }
}
