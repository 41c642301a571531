import Glibc
import Testing

@testable import LockwiseCore

@Suite struct UserNamespaceTests {
  private func namespace(_ users: String, groups: String = "") -> UserNamespace {
    UserNamespace(users: Array(users.utf8), groups: Array(groups.utf8), hiddenUser: 65534)
  }

  private static let rootless = "         0       1000          1\n         1     100000      65536\n"

  @Test(arguments: [
    ("         0          0 4294967295\n", false), (rootless, true), ("0 1000 1\n", true), ("0 0 1\n", false),
    ("1000 1000 1\n", true), ("0 100000 65536\n", true), ("5 0 1\n", false), ("0 1000 1\n1 0 1\n", false),
    // Nothing is known.
    ("", false), ("0 x 1\n", false), ("0 0\n", false), ("0 -1 1\n", false),
  ])
  func rootIsHiddenWithoutANumber(map: String, expected: Bool) {
    let namespace = namespace(map)
    #expect(namespace.hidesRoot == expected)
    #expect(namespace.mayBeHiddenRoot(65534) == expected)
    #expect(!namespace.mayBeHiddenRoot(0) && !namespace.mayBeHiddenRoot(1000))
  }

  @Test func numbersOutsideAreFound() {
    let namespace = namespace(Self.rootless, groups: "0 1005 1\n1 200000 10\n")
    #expect(namespace.outerUser(0) == 1000 && namespace.outerUser(1) == 100_000)
    #expect(namespace.outerUser(65536) == 165_535 && namespace.outerUser(65537) == nil)
    #expect(namespace.outerGroup(0) == 1005 && namespace.outerGroup(10) == 200_009 && namespace.outerGroup(11) == nil)
    let all = UserNamespace(users: "0 0 4294967295\n".utf8, groups: "".utf8, hiddenUser: 65534)
    #expect(all.outerUser(4_294_967_294) == 4_294_967_294 && all.outerUser(.max) == nil)
    #expect(all.outerGroup(0) == nil)
    #expect(UserNamespace(users: "0 4294967295 5\n".utf8, groups: "".utf8, hiddenUser: 1).outerUser(3) == nil)
  }

  @Test func ofThisProcessKnowsThisUser() throws {
    let own = try #require(UserNamespace.own())
    #expect(own.outerUser(geteuid()) != nil && own.outerGroup(getegid()) != nil)
  }
}
