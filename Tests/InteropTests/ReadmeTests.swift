import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// That the README speaks of the Firefox that the tests had.
  @Suite struct ReadmeTests {
    @Test func namesTheFirefoxThatRan() throws {
      let version = try #require(try SharedInteropFixture.ofSuite().firefoxes.first?.version())
      let root = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
      let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
      let named = readme.matches(of: /Firefox ESR (\d+)/).map { String($0.1) }
      #expect(!named.isEmpty && named.allSatisfy { version.hasPrefix($0 + ".") }, "\(version), not \(named)")
    }
  }
}
