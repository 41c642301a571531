import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

/// Suggestions for mistyped names.
@Suite struct NearestNameTests {
  private static let names = ["get", "put", "pull", "push", "status", "unlock", "lock", "login", "logout"]

  @Test(
    arguments: [
      ("pul", "pull"), ("pulll", "pull"), ("plul", "pull"), ("PULL", "pull"), ("statuss", "status"),
      ("stauts", "status"),
      ("st", "status"), ("unlck", "unlock"), ("loguot", "logout"), ("gett", "get"), ("", nil), ("x", nil),
      ("lo", nil), ("something", nil), ("gpt", "get"),
    ] as [(String, String?)])
  func nearestName(typed: String, meant: String?) { #expect(NearestName.of(typed, among: Self.names) == meant) }

  @Test(arguments: [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)])
  func distances(left: String, right: String, count: Int) {
    #expect(EditDistance.of(Array(left.utf8), Array(right.utf8)) == count)
  }
}
