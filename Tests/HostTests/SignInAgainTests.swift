import Foundation
import Testing

@testable import LockwiseHostSupport

/// A sign-in for a vault that exists (issue 11, C5).
@Suite final class SignInAgainTests {
  let stage: Stage

  init() throws {
    stage = try Stage()
    try stage.signInAndPull()
  }

  /// The tokens of the earlier sign-in may belong to keys, or to a storage, that are not the account's any more.
  @Test func aNewSignInDropsTheOldTokens() throws {
    try stage.sandbox.clearRequests()
    try stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.requests().allSatisfy(\.isStorage), "the tokens of before are valid still")
    try stage.login().expectSuccess()
    try stage.sandbox.clearRequests()
    try stage.sync("pull").expectSuccess()
    let paths = try stage.sandbox.requests().map(\.path)
    #expect(paths.contains { $0.contains("/1.0/sync/1.5") }, "\(paths)")
  }
}
