import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct SyncLauncherTests {
  /// The ages of the last success and the last attempt, seconds; `nil` means never.
  @Test(
    arguments: [
      (nil, nil, "900", true), (10, 10, "900", false), (899, 899, "900", false), (900, 900, "900", true),
      (5000, 30, "900", false), (5000, 61, "900", true), (5000, 5000, "0", false), (20, 20, "15", true),
      (20, 10, "15", false), (nil, 5, "900", false), (5000, 5000, "nonsense", true), (10, nil, "900", false),
      // Written while the clock was wrong.
      (-100_000, 5000, "900", true), (5000, -100_000, "900", true), (-100_000, -100_000, "900", true),
      (-100_000, 5, "900", false), (-30, 5000, "900", false),
    ] as [(Int?, Int?, String, Bool)])
  func due(pulled: Int?, attempted: Int?, interval: String, isDue: Bool) throws {
    let directory = TestVault.freshDirectory()
    try directory.create()
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    let now = 1_800_000_000
    for (path, age) in [(directory.pulledMarker, pulled), (directory.pullLock, attempted)] {
      guard let age else { continue }
      _ = FileManager.default.createFile(
        atPath: path, contents: nil,
        attributes: [.modificationDate: Date(timeIntervalSince1970: Double(now - age))])
    }
    let trigger = SyncLauncher(
      directory: directory, configuration: Configuration(Environment(["LOCKWISE_PULL_INTERVAL": interval])),
      now: Seconds(Int64(now)))
    #expect(trigger.isDue == isDue)
  }

  @Test func theSettingsNameTheVaultsDirectory() {
    func path(_ variables: [String: String]) -> String? {
      (try? VaultDirectory(configuration: Configuration(Environment(variables))))?.path
    }
    #expect(path(["LOCKWISE_HOME": "/l", "XDG_STATE_HOME": "/x", "HOME": "/h"]) == "/l")
    #expect(path(["LOCKWISE_HOME": "", "XDG_STATE_HOME": "/x", "HOME": "/h"]) == "/x/lockwise")
    #expect(path(["XDG_STATE_HOME": "relative", "HOME": "/h"]) == "/h/.local/state/lockwise")
    #expect(path(["HOME": "/h"]) == "/h/.local/state/lockwise")
    #expect(path([:]) == nil)
  }
}
