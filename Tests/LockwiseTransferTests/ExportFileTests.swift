import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseTransfer

@Suite struct ExportFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String, replaces: Bool = false) throws(ExportFile.Failure) {
    let file = try ExportFile(path, replaces: replaces)
    try file.write(SecretBytes(utf8: text))
    try file.finish()
  }

  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  @Test func makesAFileForTheUserAlone() throws {
    let path = folder.path + "/out.csv"
    let mask = umask(0)
    defer { umask(mask) }
    try write("text", to: path)
    var info = stat()
    #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "text" && names == ["out.csv"])
  }

  @Test func appearsOnlyWhenItIsComplete() throws {
    let path = folder.path + "/out.csv"
    do {
      let file = try ExportFile(path, replaces: false)
      try file.write(SecretBytes(utf8: "text"))
      #expect(names.allSatisfy { $0 != "out.csv" })
    }
    #expect(names == [])
  }

  @Test func replacesOnlyOnRequest() throws {
    let path = try folder.write("out.csv", "former", mode: 0o644)
    #expect(throws: ExportFile.Failure.exists) { try write("text", to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "former")
    try write("text", to: path, replaces: true)
    var info = stat()
    #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "text" && names == ["out.csv"])
    // A file that appears while another is written.
    let file = try ExportFile(folder.path + "/other.csv", replaces: false)
    try folder.write("other.csv", "first")
    #expect(throws: ExportFile.Failure.exists) { try file.finish() }
    #expect(try String(contentsOfFile: folder.path + "/other.csv", encoding: .utf8) == "first")
  }

  @Test(arguments: [true, false]) func neverFollowsALink(replaces: Bool) throws {
    let target = try folder.write("target", "mine")
    let link = try folder.link("link", to: target)
    let dangling = try folder.link("dangling", to: folder.path + "/none")
    #expect(throws: ExportFile.Failure.notAFile) { try write("text", to: link, replaces: replaces) }
    #expect(throws: ExportFile.Failure.notAFile) { try write("text", to: dangling, replaces: replaces) }
    #expect(throws: ExportFile.Failure.notAFile) { try write("text", to: folder.path, replaces: replaces) }
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine" && names == ["dangling", "link", "target"])
    #expect(throws: ExportFile.Failure.system(errno: ENOENT)) {
      try write("text", to: folder.path + "/a/b", replaces: replaces)
    }
  }
}
