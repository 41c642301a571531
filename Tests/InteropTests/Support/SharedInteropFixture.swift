import Testing

@testable import LockwiseHostSupport

/// One fixture for all tests of a suite, because a Firefox takes seconds to start. Each test must use its own logins
/// and leave all sides in agreement.
struct SharedInteropFixture: SuiteTrait, TestScoping {
  @TaskLocal private static var current: InteropFixture?

  /// The numbers of Firefoxes and vaults, all signed in to one account. The first Firefox sets up the storage.
  var firefoxes = 1
  var vaults = 0

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let fixture = try InteropFixture()
    for _ in 0..<firefoxes { try fixture.addFirefox().sync() }
    for _ in 0..<vaults { try fixture.addVault().pull() }
    try await Self.$current.withValue(fixture, operation: function)
    try fixture.inspectRequests()
  }

  /// The fixture of the running test.
  static func ofSuite() throws -> InteropFixture {
    let fixture = current
    return try #require(fixture)
  }
}

/// A suite of tests in which one Firefox and one vault exchange records.
protocol ExchangeSuite {
  /// The fixture of the suite.
  var fixture: InteropFixture { get }
}

extension ExchangeSuite {
  /// The Firefox.
  var firefox: FirefoxProcess { fixture.firefoxes[0] }
  /// The vault.
  var vault: TestHome { fixture.vaults[0] }
}

extension Trait where Self == SharedInteropFixture {
  /// One fixture for all tests of the suite.
  static func sharedFixture(firefoxes: Int = 1, vaults: Int = 0) -> Self {
    Self(firefoxes: firefoxes, vaults: vaults)
  }
}
