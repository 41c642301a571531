import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwisePass

@Suite struct ShadowFolderTests {
  private func files(below path: String) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".gpg") })
  }

  @Test func everyEntryHasAFileAndNoNameLeadsOut() throws {
    let runtime = try TemporaryFolder()
    let outside = runtime.path + "/outside"
    #expect(mkdir(outside, 0o700) == 0)
    let shadow = try ShadowFolder(in: runtime.path, program: "/usr/bin/lockwise-pass")
    #expect(symlink(outside, shadow.store + "/link") == 0)
    let good = [
      "example.com/alice", "example.com", "example.com/alice/deeper", "ssh:host.example/bob", "per%20cent/x",
      "a b/c\\d",
      "\u{1F511}/*?[]", "-rf", "--", "...", ".../....", ".hidden/.file", "it's \"quoted\"", "$(touch x)",
      Array(repeating: "d", count: 40).joined(separator: "/"), String(repeating: "n", count: 251),
      String(repeating: "f", count: 255) + "/x", "e\u{301}", "\u{E9}",
    ]
    let bad = [
      "", "/", "/absolute", "a//b", "a/", "../up", "a/../../b", "./x", "a/./b", "..", "a/..",
      String(repeating: "n", count: 252), String(repeating: "f", count: 256) + "/x", "nul\0", "link/x",
    ]
    // "." and ".." as file names become "..gpg" and "...gpg", which lead nowhere.
    #expect(try shadow.fill(with: good + bad) == bad.count - 2)
    let made = try files(below: shadow.store)
    #expect(Set(good.map { $0 + ".gpg" }).isSubset(of: made))
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: shadow.programs + "/pass").hasSuffix("-pass"))
    shadow.remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: runtime.path) == ["outside"])
  }

  @Test func anEntryThatAnotherStandsInTheWayOfIsLeftOut() throws {
    let runtime = try TemporaryFolder()
    let shadow = try ShadowFolder(in: runtime.path, program: "/usr/bin/lockwise-pass")
    #expect(try shadow.fill(with: ["a", "a.gpg/b", "c.gpg/d", "c"]) == 2)
    #expect(try files(below: shadow.store) == ["a.gpg", "c.gpg", "c.gpg/d.gpg"])
    shadow.remove()
  }

  @Test func onlyAPrivateFolderInMemoryIsUsed() throws {
    let runtime = try TemporaryFolder()
    for place in [nil, "", "relative", runtime.path + "/missing"] {
      #expect(throws: UserFacingError.self) { try ShadowFolder(in: place, program: "/bin/true") }
    }
    for mode in [mode_t(0o755), 0o1777, 0o770] {
      chmod(runtime.path, mode)
      #expect(throws: UserFacingError.self) { try ShadowFolder(in: runtime.path, program: "/bin/true") }
    }
    chmod(runtime.path, 0o700)
    #expect(try FileManager.default.contentsOfDirectory(atPath: runtime.path) == [])
  }
}
