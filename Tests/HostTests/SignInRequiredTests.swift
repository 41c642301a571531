import Foundation
import Testing

@testable import LockwiseHostSupport

/// A sign-in for a vault that exists (issue 11, C5).
@Suite final class SignInRequiredTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  /// The tokens of the earlier sign-in may belong to keys, or to a storage, that are not the account's any more.
  @Test func aNewSignInDropsTheOldTokens() throws {
    stage.mayBeRejected = true
    // The storage is another one by now: what the old tokens ask for is refused.
    try stage.sandbox.reassign()
    try stage.login().expectSuccess()
    try stage.sandbox.clearRequests()
    try stage.sync("pull").expectSuccess()
    let requests = try stage.sandbox.requests()
    #expect(requests.contains { $0.isStorage } && requests.allSatisfy { $0.status != 401 }, "\(requests)")
  }
}
