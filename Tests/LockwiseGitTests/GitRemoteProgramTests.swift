import Glibc
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Finding the URL on git's command line among the parent processes.
@Suite struct GitRemoteProgramTests {
  /// Returns the URL for a chain of processes. The first is the parent, and each has the next one as its parent.
  private func url(_ processes: [[String]]) -> String? {
    let found = GitRemoteProgram.url(
      from: 100, stat: { id in Array("\(id) (x) S \(id + 1) 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 7 0".utf8) },
      arguments: { id in
        processes.indices.contains(id - 100) ? processes[id - 100].map { Array($0.utf8) } : nil
      })
    return found.map { String(decoding: $0, as: UTF8.self) }
  }

  private static let remote = ["/usr/lib/git-core/git-remote-https", "origin", "https://h.example/a.git"]

  @Test func theNearestNameIsFound() {
    #expect(url([Self.remote]) == "https://h.example/a.git")
    let chain = [
      ["git", "credential-lockwise", "get"], ["/bin/sh", "-c", "git credential-lockwise get"], Self.remote,
    ]
    #expect(url(chain + [["git", "fetch"]]) == "https://h.example/a.git")
    #expect(url(chain + [["git-remote-http", "x", "http://other.example"]]) == "https://h.example/a.git")
  }

  @Test(arguments: [
    [["git", "fetch", "https://h.example"]], [["git-remote-https", "origin"]], [["git-remote-https"]],
    [["git-remote-https", "origin", "https://h.example", "more"]], [["xgit-remote-https", "a", "https://h.example"]],
    [["git-remote-ext", "a", "https://h.example"]], [["git-remote-https-x", "a", "https://h.example"]], [[]], [],
  ])
  func otherProgramsAreNot(processes: [[String]]) { #expect(url(processes) == nil) }

  /// The search must not walk through all processes.
  @Test func theSearchIsBounded() {
    #expect(url(Array(repeating: ["sh"], count: 7) + [Self.remote]) != nil)
    #expect(url(Array(repeating: ["sh"], count: 8) + [Self.remote]) == nil)
  }

  @Test func argumentsOfAProcessAreRead() throws {
    #expect(GitRemoteProgram.arguments(of: 0) == nil)
    let own = try #require(GitRemoteProgram.arguments(of: Int(getpid())))
    #expect(own.map { String(decoding: $0, as: UTF8.self) } == CommandLine.arguments)
  }
}
