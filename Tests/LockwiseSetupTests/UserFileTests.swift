import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

/// A file of the user is replaced as a whole, and stays what it is otherwise.
@Suite struct UserFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String, as kind: UserFile.Kind = .shared) throws {
    try UserFile(path).write(SecretBytes(utf8: text), as: kind)
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func mode(_ path: String) -> mode_t {
    var info = stat()
    return lstat(path, &info) == 0 ? info.st_mode & 0o7777 : 0
  }

  private func problem(_ body: () throws -> Void) -> UserFile.Problem? {
    do {
      try body()
    } catch let failure as UserFile.Failure {
      return failure.problem
    } catch {
      Issue.record("another error: \(error)")
    }
    return nil
  }

  @Test(arguments: [mode_t(0o600), 0o640, 0o644, 0o755, 0o2755])
  func keepsThePermissions(permissions: mode_t) throws {
    let path = try folder.write("file", "before")
    chmod(path, permissions)
    try write("after", to: path)
    #expect(try text(path) == "after")
    #expect(mode(path) == permissions)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away")) func keepsTheOwner() throws {
    let path = try folder.write("file", "before")
    chown(path, 12_345, 54_321)
    chmod(path, 0o4750)
    try write("after", to: path)
    var info = stat()
    #expect(stat(path, &info) == 0 && info.st_uid == 12_345 && info.st_gid == 54_321)
    #expect(mode(path) == 0o4750)
  }

  @Test func makesFoldersForANewFile() throws {
    let path = folder.path + "/a/b/file"
    #expect(try UserFile(path).missingFolders == [folder.path + "/a", folder.path + "/a/b"])
    try write("text", to: path, as: .secret)
    #expect(try text(path) == "text")
    #expect(mode(path) == 0o600 && mode(folder.path + "/a") == 0o700 && mode(folder.path + "/a/b") == 0o700)
    #expect(try UserFile(path).missingFolders == [])
  }

  @Test func aLinkStaysALink() throws {
    try folder.make("dotfiles")
    let target = try folder.write("dotfiles/profile", "before", mode: 0o640)
    let link = try folder.link(".profile", to: "dotfiles/profile")
    #expect(try UserFile(link).text == SecretBytes(utf8: "before"))
    try write("after", to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "dotfiles/profile")
    #expect(try text(target) == "after" && mode(target) == 0o640)
    try UserFile(link).remove()
    #expect(try text(target) == "")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "dotfiles/profile")
  }

  @Test func refusesAReadOnlyFileAlsoAsRoot() throws {
    let path = try folder.write("file", "before", mode: 0o444)
    #expect(problem { try write("after", to: path) } == .readOnly)
    #expect(problem { try UserFile(path).remove() } == .readOnly)
    #expect(try text(path) == "before")
    let link = try folder.link("link", to: "file")
    #expect(problem { try write("after", to: link) } == .readOnly)
  }

  @Test func refusesWhatIsNotAFileOfItsOwn() throws {
    let path = try folder.write("file", "before")
    #expect(link(path, folder.path + "/second") == 0)
    #expect(problem { try write("after", to: path) } == .hardLinks)
    #expect(try text(path) == "before")
    try folder.make("folder")
    #expect(problem { _ = try UserFile(folder.path + "/folder") } == .notRegular)
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(problem { _ = try UserFile(folder.path + "/pipe") } == .notRegular)
    let dangling = try folder.link("dangling", to: "nowhere")
    #expect(problem { _ = try UserFile(dangling) } == .danglingLink)
    try folder.write("large", Data(count: (1 << 20) + 1))
    #expect(problem { _ = try UserFile(folder.path + "/large") } == .tooLarge)
    #expect(problem { _ = try UserFile(path + "/below") } == .system(errno: ENOTDIR))
  }
}
