import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Reading git's list of credential helpers.
@Suite struct GitHelperChainTests {
  private func chain(_ entries: (key: String, value: String?)...) -> GitHelperChain {
    let text = entries.map { "file:/a\0\($0.key)" + ($0.value.map { "\n\($0)" } ?? "") + "\0" }.joined()
    return GitHelperChain(listing: Array(text.utf8))
  }

  @Test func helpersComeInOrder() {
    let chain = chain(
      ("credential.helper", "cache"), ("credential.https://example.org/a.b.helper", "lockwise"),
      ("credential.helper", "/usr/bin/git-credential-lockwise --x"))
    #expect(chain.helpers.map(\.name) == ["cache", "lockwise", "/usr/bin/git-credential-lockwise"])
    #expect(chain.helpers.map(\.url) == [nil, "https://example.org/a.b", nil])
    #expect(chain.helpers.map(\.isLockwise) == [false, true, true])
    #expect(chain.helpers.map(\.origin) == ["file:/a", "file:/a", "file:/a"])
  }

  @Test func anEmptyValueClearsTheList() {
    #expect(
      chain(("credential.helper", "cache"), ("credential.helper", ""), ("credential.helper", "store")).helpers.map(
        \.name) == ["store"])
    #expect(chain(("credential.helper", "cache"), ("credential.helper", nil)).helpers.isEmpty)
    let scoped = chain(
      ("credential.helper", "cache"), ("credential.https://a.helper", "store"), ("credential.https://a.helper", ""),
      ("credential.https://b.helper", "osxkeychain"))
    #expect(scoped.helpers.map(\.name) == ["cache", "osxkeychain"])
  }

  @Test func shellCommandsAreNotShown() {
    let chain = chain(
      ("credential.helper", "!echo password=x"), ("credential.helper", "!/opt/git-credential-lockwise $@"),
      ("credential.helper", "lockwise-other"), ("credential.helper", "/opt/lockwise"))
    #expect(
      chain.helpers.map(\.name) == [
        "a shell command", "a shell command with git-credential-lockwise", "lockwise-other", "/opt/lockwise",
      ])
    #expect(chain.helpers.map(\.isLockwise) == [false, true, false, false])
  }

  /// The value of a path is the path to a shell.
  @Test(arguments: [
    "/opt/my programs/git-credential-lockwise", "/home/ä(1)'\"$x;&|<>*?#~`/git-credential-lockwise", "/a-b_c.d+e/x1",
  ])
  func pathsOfAllKinds(path: String) throws {
    let value = GitHelperChain.Helper.value(path: path)
    let helper = try #require(chain(("credential.helper", value)).helpers.first)
    #expect(helper.program == path)
    #expect(helper.isLockwise == path.hasSuffix("/git-credential-lockwise"))
    let shell = try ChildProcess.output(
      of: "/bin/sh", ["-c", "printf %s " + value], environment: Environment(["PATH": "/usr/bin:/bin"]))
    #expect(shell.exposedText() == path)
  }

  @Test(arguments: [
    "", "\0", "file:/a", "file:/a\0", "a\0credential.helper", "a\0credential.username\nx\0", "\0\0\0\0",
  ])
  func nonsense(text: String) {
    #expect(GitHelperChain(listing: Array(text.utf8)).helpers.isEmpty)
  }
}
