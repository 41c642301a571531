import Foundation
import LockwiseTestSupport
import Testing

/// Random interleavings of two of our clients and a Firefox, checked with a reference model.
///
/// `LOCKWISE_MODEL` sets the total number of operations (6,000), `LOCKWISE_MODEL_SEED` the first seed (1).
@Suite struct ModelTests {
  private static let length = 100

  private static func number(_ name: String, _ fallback: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
  }

  @Test func convergesInAnyOrder() async throws {
    let count = Self.number("LOCKWISE_MODEL", 6000)
    let first = UInt64(max(0, Self.number("LOCKWISE_MODEL_SEED", 1)))
    for seed in first..<first + UInt64(max(1, count / Self.length)) {
      // The test takes half a minute, and all tests share as many threads as there are processors.
      await Task.yield()
      let operations = ModelOperation.list(seed: seed, count: Self.length)
      let problems = ModelRun.problems(of: operations, against: try MemoryModelServer())
      guard !problems.isEmpty else { continue }
      let smallest = try shrunk(operations) {
        !ModelRun.problems(of: $0, against: try MemoryModelServer()).isEmpty
      }
      let last = ModelRun.problems(of: smallest, against: try MemoryModelServer())
      let list = smallest.map { "  \($0)," }.joined(separator: "\n")
      Issue.record("seed \(seed): \(last.isEmpty ? problems : last)\n[\n\(list)\n]")
      return
    }
  }

  /// A long run at the real sandbox.
  @Test func convergesAtTheSandbox() throws {
    let operations = ModelOperation.list(seed: 1_000_000, count: 2000)
    let problems = ModelRun.problems(of: operations, against: try SandboxModelServer())
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  @Test func shortensAFailingList() {
    var random = SeededGenerator(seed: 7)
    let list = (0..<500).map { _ in Int.random(in: 0..<1000, using: &random) } + [1001, 1002] + Array(0..<300)
    var runs = 0
    let smallest = shrunk(list) {
      runs += 1
      return $0.contains(1001) && $0.contains(1002)
    }
    #expect(smallest == [1001, 1002] && runs < 200)
    #expect(shrunk([1, 2, 3]) { _ in true }.isEmpty)
    #expect(shrunk([1, 2, 3]) { $0.count == 3 } == [1, 2, 3])
  }
}
