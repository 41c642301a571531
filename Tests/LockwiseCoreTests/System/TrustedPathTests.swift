import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct TrustedPathTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func problem(above path: String) -> TrustedPath.Problem? {
    do {
      try TrustedPath.checkFolders(above: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func eachFolderAboveIsChecked() throws {
    try folder.make("a")
    try folder.make("a/b")
    let file = try folder.write("a/b/file")
    #expect(problem(above: file) == nil)
    for (name, mode) in [("a", 0o770), ("a/b", 0o702), ("", 0o777)] {
      try folder.make(name, mode: mode)
      let path = name.isEmpty ? folder.path : folder.path + "/" + name
      let refusal = TrustedPath.Problem(
        path: path, reason: "other users can change it (mode \(String(mode, radix: 8)))")
      #expect(problem(above: file) == (isOpenToPrivateGroupAlone(mode) ? nil : refusal))
      try folder.make(name, mode: 0o755)
    }
    #expect(problem(above: file) == nil)
  }

  @Test func aFolderWithTheStickyBitIsAccepted() throws {
    try folder.make("shared", mode: 0o1777)
    #expect(problem(above: folder.path + "/shared/file") == nil)
    try folder.make("shared", mode: 0o777)
    #expect(problem(above: folder.path + "/shared/file") != nil)
  }

  /// Whether this is root and not in a user namespace that has only one user (user_namespaces(7)).
  private static var canGiveAway: Bool {
    let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
    return geteuid() == 0 && map.split(separator: " ").count == 3 && map.contains("4294967295")
  }

  @Test(.enabled(if: canGiveAway, "only root can give a folder away")) func aFolderOfAnotherUserIsNotTrusted() throws {
    try folder.make("theirs")
    let file = try folder.write("theirs/file")
    #expect(chown(folder.path + "/theirs", 12345, 0) == 0)
    #expect(problem(above: file) == .init(path: folder.path + "/theirs", reason: "it belongs to another user"))
  }

  @Test func foldersAlongALinkAreChecked() throws {
    try folder.make("open")
    try folder.make("open/inner")
    try folder.write("open/inner/file")
    try folder.link("link", to: folder.path + "/open/inner")
    #expect(problem(above: folder.path + "/link/file") == nil)
    try folder.make("open", mode: 0o777)
    #expect(problem(above: folder.path + "/link/file")?.path == folder.path + "/open")
  }

  @Test func missingFoldersAreSkipped() {
    #expect(problem(above: folder.path + "/none/none/file") == nil)
    #expect(problem(above: "file") == .init(path: "file", reason: "the path is not absolute"))
  }

  @Test(arguments: [
    ("alice:x:1000:", true), ("alice:x:1000:alice", true), ("alice:x:1000:mallory", false),
    ("alice:x:1000:alice,mallory", false), ("alice:x:1001:", false), ("alice:x:1000", false),
    ("root:x:0:\nalice:x:1000:\n", true), ("alice:x:1000:\nteam:x:1000:bob\n", false), ("", false),
  ])
  func aPrivateGroupHasNoOtherMember(file: String, expected: Bool) {
    #expect(PrivateGroup.hasNoOtherMember(1000, in: Array(file.utf8)) == expected)
  }

  @Test(arguments: [
    ("alice:x:1001:1000:::/bin/sh", true), ("bob:x:1002:1000:::/bin/sh", false),
    ("alice:x:1001:1000:::/bin/sh\nbob:x:1002:1000:::/bin/sh", false), ("alice:x:1001:1001:::/bin/sh", false),
    ("", false),
  ])
  func aPrivateGroupIsThePrimaryOneOfOneUser(file: String, expected: Bool) {
    #expect(PrivateGroup.isPrimary(1000, of: 1001, in: Array(file.utf8)) == expected)
  }

  @Test func aUserOfADirectoryServiceHasTheGroupWithItsNumber() {
    #expect(PrivateGroup.isPrimary(1001, of: 1001, in: []))
    #expect(!PrivateGroup.isPrimary(1000, of: 1001, in: []))
  }
}
