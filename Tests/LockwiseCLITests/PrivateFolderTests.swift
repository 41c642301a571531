import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI

@Suite struct PrivateFolderTests {
  private let parent: TemporaryFolder

  init() throws { parent = try TemporaryFolder() }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted()
  }

  @Test func everythingInItIsRemovedAndNoLinkIsFollowed() throws {
    let kept = parent.path + "/kept"
    try Data("kept".utf8).write(to: URL(fileURLWithPath: kept))
    let folder = try #require(PrivateFolder(in: parent.path, prefix: "lockwise-test.", isShared: false))
    var info = stat()
    #expect(stat(folder.path, &info) == 0 && info.st_mode & 0o777 == 0o700)
    #expect(symlink(parent.path, folder.path + "/link") == 0)
    var inner = folder.path
    for depth in 0..<40 {
      inner += "/\(depth)"
      #expect(mkdir(inner, 0o700) == 0)
      #expect(FileManager.default.createFile(atPath: inner + "/file \\ \u{1F511}", contents: Data("x".utf8)))
    }
    folder.remove()
    #expect(try names() == ["kept"])
    #expect(FileManager.default.contents(atPath: kept) == Data("kept".utf8))
  }

  @Test func aFolderThatAKilledRunLeftIsRemovedAndNoOther() throws {
    let used = try #require(PrivateFolder(in: parent.path, prefix: "lockwise-test.", isShared: false))
    let old = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
    for name in ["lockwise-test.leftover", "lockwise-test.recent", "other.leftover"] {
      #expect(mkdir(parent.path + "/" + name, 0o700) == 0)
    }
    #expect(FileManager.default.createFile(atPath: parent.path + "/lockwise-test.leftover/secret", contents: Data()))
    for path in [used.path, parent.path + "/lockwise-test.leftover", parent.path + "/other.leftover"] {
      #expect(utimes(path, old) == 0)
    }
    let next = try #require(PrivateFolder(in: parent.path, prefix: "lockwise-test.", isShared: false))
    let left = Set(try names())
    let expected = [used.path, next.path].map { String($0.split(separator: "/").last ?? "") }
    #expect(left == Set(expected + ["lockwise-test.recent", "other.leftover"]))
  }

  @Test func aFolderThatOthersCanChangeIsRefused() {
    for (mode, isShared, isAccepted) in [
      (mode_t(0o700), false, true), (0o750, false, false), (0o777, true, false), (0o1777, true, true),
      (0o1777, false, false), (0o755, true, true),
    ] {
      chmod(parent.path, mode)
      let folder = PrivateFolder(in: parent.path, prefix: "lockwise-test.", isShared: isShared)
      #expect((folder != nil) == isAccepted, "\(String(mode, radix: 8)) \(isShared)")
    }
    chmod(parent.path, 0o700)
    #expect(PrivateFolder(in: parent.path + "/missing", prefix: "lockwise-test.", isShared: false) == nil)
  }
}
