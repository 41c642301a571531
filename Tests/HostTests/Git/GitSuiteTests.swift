import Foundation
import Testing

@testable import LockwiseHostSupport

/// The requirements of git's `t0303-credential-external.sh`, restated. `contrib/test-git-suite` runs the original.
@Suite struct GitSuiteTests {
  private static let get = "protocol=https\nhost=example.com\n"

  @Test(arguments: Git.all) func meetsGitsExpectationsOfAHelper(git: Git) throws {
    let stage = try GitTestHome(git)
    try stage.stage.signInAndPull()
    try stage.prepare()
    func credential(_ operation: String, _ input: String) throws -> Run {
      let run = try stage.run(
        ["credential", operation], with: ["GIT_ASKPASS": "", "GIT_TERMINAL_PROMPT": "0"], input: .text(input + "\n"))
      if operation != "fill" {
        run.expectSuccess()
        #expect(run.error.isEmpty, "\(run.error)")
      }
      return run
    }
    func password(_ more: String = "", host: String = "example.com", scheme: String = "https") throws -> String? {
      try credential("fill", "protocol=\(scheme)\nhost=\(host)\n\(more)").password
    }
    #expect(try password() == nil)
    _ = try credential("approve", Self.get + "username=store-user\npassword=store-pass\n")
    #expect(try password() == "store-pass")
    #expect(try password(scheme: "http") == nil)
    #expect(try password(host: "other.tld") == nil)
    #expect(try password("username=other\n") == nil)
    // The login is overwritten, and is erased with its current password but not with the earlier one.
    _ = try credential("approve", Self.get + "username=store-user\npassword=second\n")
    #expect(try password("username=store-user\n") == "second")
    _ = try credential("reject", Self.get + "username=store-user\npassword=store-pass\n")
    #expect(try password("username=store-user\n") == "second")
    _ = try credential("reject", Self.get + "username=store-user\npassword=second\n")
    #expect(try password("username=store-user\n") == nil)
    // A whole host is erased, and a user without the others.
    for user in ["user1", "user2", "user3"] {
      _ = try credential("approve", Self.get + "username=\(user)\npassword=of \(user)\n")
    }
    _ = try credential("reject", Self.get + "username=user1\n")
    #expect(try password("username=user1\n") == nil)
    #expect(try password("username=user2\n") == "of user2")
    _ = try credential("reject", Self.get)
    for user in ["user2", "user3"] { #expect(try password("username=\(user)\n") == nil) }
    // Single sign-on.
    let empty = "protocol=https\nhost=sso.tld\nusername=\npassword=\n"
    _ = try credential("approve", empty)
    #expect(
      try credential("fill", "protocol=https\nhost=sso.tld\n").expectSuccess().lines.sorted()
        == empty.split(separator: "\n").map(String.init).sorted())
    _ = try credential("reject", "protocol=https\nhost=sso.tld\n")
    #expect(try password(host: "sso.tld") == nil)
  }
}
