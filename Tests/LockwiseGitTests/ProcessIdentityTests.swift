import Glibc
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Finding the git command that runs the helper.
@Suite struct ProcessIdentityTests {
  private func line(_ id: Int, _ name: String, parent: Int, start: Int) -> [UInt8] {
    Array("\(id) (\(name)) S \(parent) 1 1 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 \(start) 1 1\n".utf8)
  }

  private func topmost(_ processes: [Int: (name: String, parent: Int)]) -> Int? {
    GitPrompting.command(from: 100) { id in
      processes[id].map { line(id, $0.name, parent: $0.parent, start: id * 10) }
    }.map {
      #expect($0.start == UInt64($0.id * 10)); return $0.id
    }
  }

  @Test func aChainOfCommands() {
    // git fetch, its transport, the shell that runs the helper, git again.
    #expect(
      topmost([
        100: ("git", 99), 99: ("sh", 98), 98: ("git-remote-http", 97), 97: ("git", 96), 96: ("bash", 1),
      ]) == 97)
    #expect(topmost([100: ("sh", 99), 99: ("git", 98), 98: ("make", 97), 97: ("git", 1)]) == 97)
    #expect(topmost([100: ("bash", 99), 99: ("gitk", 1)]) == nil)
    #expect(topmost([:]) == nil)
  }

  @Test func deceptiveProcessNamesAreReadCorrectly() {
    #expect(topmost([100: ("a) S 1 (git", 1)]) == nil)
    #expect(topmost([100: ("x y) z", 99), 99: ("git", 1)]) == 99)
  }

  @Test func aCircleOfParentsEnds() { #expect(topmost([100: ("git", 99), 99: ("sh", 100)]) == 100) }

  @Test(arguments: ["", "1", "1 (git", "1 (git)", "1 (git) S x", ")("])
  func nonsense(text: String) {
    #expect(GitPrompting.command(from: 100) { _ in Array(text.utf8) } == nil)
  }

  @Test func thisProcessIsRead() throws {
    let stat = try #require(ProcessIdentity.stat(of: Int(getpid())))
    #expect(String(decoding: stat, as: UTF8.self).hasPrefix("\(getpid()) ("))
    #expect(ProcessIdentity.stat(of: 0) == nil)
  }
}
