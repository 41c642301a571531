import Foundation
import LockwiseTestSupport
import Testing

/// A version of git that the tests run: the machine's, or a newer one.
struct Git: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The folder to put first on `PATH`; nil for the machine's git.
  let folder: String?
  /// The variables that it needs in addition to `PATH`.
  let variables: [String: String]
  /// Whether it supports `capability[]` and `state[]` (git 2.46).
  let hasCapabilities: Bool

  /// The machine's git.
  static let ofSystem = Git(
    testDescription: "git of the system", folder: nil, variables: [:],
    hasCapabilities: isVersion("/usr/bin/git", atLeast: (2, 46)))

  /// The git that `contrib/fetch-newer-git` downloaded; nil without it.
  static let newer: Git? = {
    let root = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(".build/newer-git/usr").path
    guard access(root + "/bin/git", X_OK) == 0 else { return nil }
    return Git(
      testDescription: "newer git", folder: root + "/bin",
      variables: [
        "GIT_EXEC_PATH": root + "/lib/git-core", "GIT_TEMPLATE_DIR": root + "/share/git-core/templates",
        "GITPERLLIB": root + "/share/perl5",
      ], hasCapabilities: isVersion(root + "/bin/git", atLeast: (2, 46)))
  }()

  /// Both versions, or only the machine's.
  static let all: [Git] = [ofSystem] + (newer.map { [$0] } ?? [])

  var path: String { (folder ?? "/usr/bin") + "/git" }

  /// Returns an environment that finds this git, and has a name for commits.
  func environment(_ base: [String: String]) -> [String: String] {
    var result = base.merging(variables) { $1 }
    if let folder { result["PATH"] = base["PATH"]?.replacing(":/usr/bin", with: ":\(folder):/usr/bin") }
    for role in ["AUTHOR", "COMMITTER"] {
      result["GIT_\(role)_NAME"] = "Marie Curie"
      result["GIT_\(role)_EMAIL"] = "marie.curie@example.org"
    }
    return result
  }

  private static func isVersion(_ path: String, atLeast wanted: (Int, Int)) -> Bool {
    guard let run = try? Run.program(path, ["--version"], environment: ["PATH": "/usr/bin:/bin"]),
      let match = run.output.firstMatch(of: /version ([0-9]+)\.([0-9]+)/), let major = Int(match.1),
      let minor = Int(match.2)
    else { return false }
    return (major, minor) >= wanted
  }
}

/// Reports whether the newer git was tested.
@Suite struct NewerGitTests {
  @Test(.enabled(if: Git.newer != nil || isRequired, "NOT TESTED with a newer git: run contrib/fetch-newer-git first"))
  func theNewerGitKnowsCapabilities() throws {
    let git = try #require(Git.newer, "contrib/fetch-newer-git did not get it")
    #expect(git.hasCapabilities)
  }

  private static let isRequired =
    ProcessInfo.processInfo.environment["LOCKWISE_TEST_COMPLETE"].map { !$0.isEmpty } ?? false
}
