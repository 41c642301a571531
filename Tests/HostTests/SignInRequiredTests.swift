import Foundation
import Testing

@testable import LockwiseHostSupport

/// A sign-in for an existing vault (issue 11, C5).
@Suite final class SignInRequiredTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  /// The tokens of the earlier sign-in may belong to old keys or an old storage of the account.
  @Test func dropsTheOldTokensInANewSignIn() throws {
    stage.mayBeRejected = true
    // The storage has changed, so requests with the old tokens are refused.
    try stage.sandbox.reassign()
    try stage.login().expectSuccess()
    try stage.sandbox.clearRequests()
    try stage.sync("pull").expectSuccess()
    let requests = try stage.sandbox.requests()
    #expect(requests.contains { $0.isStorage } && requests.allSatisfy { $0.status != 401 }, "\(requests)")
  }
}
