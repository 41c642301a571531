import Foundation
import LockwiseTestSupport
import Synchronization
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct FailingPullsTests {
  private static let day = 86_400

  /// The ages of the first failed attempt and of the last report, seconds; `nil` means never.
  @Test(
    arguments: [
      (nil, nil, false), (0, nil, false), (3 * day - 1, nil, false), (3 * day, nil, true), (90 * day, nil, true),
      (3 * day, 10, false), (3 * day, day - 1, false), (3 * day, day, true), (10 * day, 8 * day, true),
      // Written while the clock was wrong.
      (-day, nil, false), (3 * day, -day, true),
    ] as [(Int?, Int?, Bool)])
  func reports(first: Int?, reported: Int?, isExpected: Bool) throws {
    let directory = TestVault.freshDirectory()
    try directory.create()
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    let now = Int(time(nil))
    for (path, age) in [(directory.pendingMarker, first), (directory.reportedMarker, reported)] {
      guard let age else { continue }
      let date = Date(timeIntervalSince1970: Double(now - age))
      #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.modificationDate: date]))
    }
    let lines = Mutex<[String]>([])
    let diagnostics = Diagnostics(program: "test") { line in lines.withLock { $0.append(line) } }
    let pulls = FailingPulls(directory: directory, now: Seconds(Int64(now)))
    pulls.report(to: diagnostics)
    let shown = lines.withLock { $0 }
    #expect(shown.isEmpty != isExpected)
    if isExpected {
      #expect(shown.first?.hasPrefix("test: notice: no pull has succeeded since 20") == true, "\(shown)")
      #expect(shown.dropFirst() == ["test: hint: see why: lockwise-sync pull\n"])
    }
    pulls.report(to: diagnostics)
    #expect(lines.withLock { $0 } == shown, "it is reported once a day")
  }
}
