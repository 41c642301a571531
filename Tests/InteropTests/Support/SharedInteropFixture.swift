import Testing

@testable import LockwiseHostSupport

/// Gives the tests of a suite one meeting, because a Firefox takes seconds to start. Each has to do with logins of its
/// own, and to leave everyone in agreement.
struct SharedInteropFixture: SuiteTrait, TestScoping {
  @TaskLocal private static var current: InteropFixture?

  /// How many of each there are, all signed in to one account; the first Firefox sets up its storage.
  var firefoxes = 1
  var vaults = 0

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let meeting = try InteropFixture()
    for _ in 0..<firefoxes { try meeting.addFirefox().sync() }
    for _ in 0..<vaults { try meeting.addVault().pull() }
    try await Self.$current.withValue(meeting, operation: function)
    try meeting.inspectRequests()
  }

  /// The meeting of the running test.
  static func ofSuite() throws -> InteropFixture {
    let meeting = current
    return try #require(meeting)
  }
}

extension Trait where Self == SharedInteropFixture {
  /// One meeting for all tests of the suite.
  static func sharedMeeting(firefoxes: Int = 1, vaults: Int = 0) -> Self {
    Self(firefoxes: firefoxes, vaults: vaults)
  }
}
