import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func replace(_ name: String, with text: String, mode: mode_t = 0o600) throws(AtomicFile.Failure) {
    try AtomicFile((folder.path + "/" + name).utf8, suffix: ".new").replace(mode: mode) { file in
      Array(text.utf8).withUnsafeBytes { FileDescriptor.writeAll(file, $0) }
    }
  }

  private func content(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test func readersSeeTheFormerContentOrTheNewOne() throws {
    try folder.write("a", "old")
    let reader = try #require(FileHandle(forReadingAtPath: folder.path + "/a"))
    // A killed run left one.
    try folder.write("a.new", "half")
    try replace("a", with: "new", mode: 0o640)
    #expect(try content("a") == "new" && names == ["a"])
    #expect(try reader.readToEnd() == Data("old".utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/a")[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func aFailureLeavesTheFormerContent() throws {
    try folder.write("a", "old")
    let path = folder.path + "/a"
    #expect(throws: AtomicFile.Failure(errno: ENOSPC)) {
      try AtomicFile(path.utf8, suffix: ".new").replace { file in
        _ = FileDescriptor.writeAll(file, UnsafeRawBufferPointer(start: nil, count: 0))
        errno = ENOSPC
        return false
      }
    }
    #expect(try content("a") == "old" && names == ["a"])
    #expect(throws: AtomicFile.Failure(errno: ENOENT)) { try replace("none/a", with: "new") }
    try folder.make("b")
    #expect(throws: AtomicFile.Failure(errno: EISDIR)) { try replace("b", with: "new") }
    #expect(try names == ["a", "b"])
  }
}
