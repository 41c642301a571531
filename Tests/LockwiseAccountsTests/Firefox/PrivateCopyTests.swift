import Foundation
import Testing

@testable import LockwiseAccounts

/// Copies of Firefox's databases are removed with their run or, if it was killed, by the next one.
@Suite final class PrivateCopyTests {
  private let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "lockwise-copies-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() }

  /// Makes the leftovers of a killed run: the folder, without its lock.
  private func leave(_ name: String, files: [String] = ["places.sqlite", "places.sqlite-wal"]) throws {
    try FileManager.default.createDirectory(
      atPath: root + "/" + name, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    for file in files { try Data("secret".utf8).write(to: URL(filePath: "\(root)/\(name)/\(file)")) }
  }

  @Test func keepsACopyPrivateAndRemovesItAfterUse() throws {
    do {
      let copy = try #require(PrivateCopy(in: [root + "/none", root]))
      #expect(copy.path.hasPrefix(root + "/.lockwise-copy-"))
      var info = stat()
      #expect(stat(copy.path, &info) == 0 && info.st_mode & 0o7777 == 0o700)
      try Data("x".utf8).write(to: URL(filePath: copy.path + "/key4.db"))
    }
    #expect(names == [])
  }

  @Test func removesTheCopiesOfAKilledRun() throws {
    try leave(".lockwise-copy-killed")
    try leave(".lockwise-copy-empty", files: [])
    let copy = try #require(PrivateCopy(in: [root]))
    #expect(names == [String(copy.path.dropFirst(root.count + 1))])
    try leave(".lockwise-copy-killed")
    PrivateCopy.removeLeftovers(in: root)
    #expect(names.count == 1)
  }

  @Test func keepsTheCopyOfARunningProcess() throws {
    let copy = try #require(PrivateCopy(in: [root]))
    try Data("x".utf8).write(to: URL(filePath: copy.path + "/key4.db"))
    let other = try #require(PrivateCopy(in: [root]))
    PrivateCopy.removeLeftovers(in: root)
    #expect(names.count == 2)
    #expect(FileManager.default.fileExists(atPath: copy.path + "/key4.db"))
    _ = other
  }

  @Test func leavesOtherFilesAlone() throws {
    try leave("lockwise-copy-other")
    try leave(".lockwise")
    try Data().write(to: URL(filePath: root + "/.lockwise-copy-file"))
    try leave("target")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/.lockwise-copy-link", withDestinationPath: root + "/target")
    if geteuid() == 0 {
      try leave(".lockwise-copy-theirs")
      chown(root + "/.lockwise-copy-theirs", 12345, 0)
    }
    let before = names
    PrivateCopy.removeLeftovers(in: root)
    #expect(names == before)
    #expect(FileManager.default.fileExists(atPath: root + "/target/places.sqlite"))
  }

  @Test func removesLeftoversWhenWatchingTheHistory() throws {
    try leave(".lockwise-copy-killed")
    _ = FirefoxHistory(profiles: [], redirectURI: "https://h.example/", since: 0, scratch: root)
    #expect(names == [])
  }
}
