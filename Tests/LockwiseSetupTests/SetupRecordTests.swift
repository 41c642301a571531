import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

/// The record survives every interruption, and leaves nothing behind.
@Suite struct SetupRecordTests {
  private let folder: TemporaryFolder
  private let file: SetupRecordFile

  init() throws {
    folder = try TemporaryFolder()
    file = SetupRecordFile(path: folder.path + "/state/lockwise/setup")
  }

  private static var change: SetupChange {
    var change = SetupChange(step: "ssh", path: "/home/é \"x\"/.profile")
    change.isNewFile = true
    change.insertion = TextInsertion(position: 17, bytes: [0, 255, 10])
    change.digest = HexBytes([1, 2, 3])
    change.folders = ["/home/é \"x\""]
    change.formerCount = 4
    change.formerDigest = HexBytes([9])
    change.value = "lockwise"
    change.units = ["a.timer"]
    return change
  }

  @Test func isReadAsItWasWritten() throws {
    #expect(try file.load() == SetupRecord())
    try file.update { $0.changes = [Self.change, SetupChange(step: "git")] }
    let record = try file.load()
    #expect(record.changes == [Self.change, SetupChange(step: "git")])
    #expect(record.folders == [folder.path + "/state", folder.path + "/state/lockwise"])
    var info = stat()
    #expect(stat(file.path, &info) == 0 && info.st_mode & 0o777 == 0o600)
    #expect(stat(folder.path + "/state/lockwise", &info) == 0 && info.st_mode & 0o777 == 0o700)
    try file.update { $0.changes.removeLast() }
    #expect(try file.load().folders == record.folders)
    try file.update { $0.changes = [] }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func removesWhatAKilledRunLeft() throws {
    try folder.make("state")
    try folder.make("state/lockwise")
    try folder.write("state/lockwise/setup.new", "{")
    file.removeUnfinished()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state") == [])
    try folder.make("state/lockwise")
    try folder.write("state/lockwise/setup.new", "{")
    try folder.write("state/lockwise/vault.db")
    file.removeUnfinished()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/lockwise") == ["vault.db"])
  }

  @Test func foldersOfOthersStay() throws {
    try folder.make("state")
    try file.update { $0.changes = [Self.change] }
    try folder.write("state/lockwise/vault.db", "x")
    try file.update { $0.changes = [] }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/lockwise") == ["vault.db"])
    try FileManager.default.removeItem(atPath: folder.path + "/state/lockwise/vault.db")
    try file.update { _ in }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["state"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state") == [])
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"version\":2,\"folders\":[],\"changes\":[]}", "{\"version\":1,\"changes\":[{}]}",
    "{\"version\":1,\"changes\":[{\"step\":\"git\",\"newFile\":false,\"position\":-1,\"bytes\":\"00\"}]}",
    "{\"version\":1,\"changes\":[{\"step\":\"git\",\"newFile\":false,\"position\":1,\"bytes\":\"\"}]}",
  ])
  func aDamagedOneIsNotReplaced(text: String) throws {
    try folder.make("state")
    try folder.make("state/lockwise")
    try folder.write("state/lockwise/setup", text)
    #expect(throws: SetupRecordFile.Failure.unreadable(path: file.path)) { try file.load() }
    #expect(throws: SetupRecordFile.Failure.unreadable(path: file.path)) {
      try file.update { $0.changes.append(Self.change) }
    }
    #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
  }

  @Test func aLinkIsRefused() throws {
    try folder.make("state")
    try folder.make("state/lockwise")
    try folder.write("other", "{\"version\":1,\"folders\":[],\"changes\":[]}")
    try folder.link("state/lockwise/setup", to: folder.path + "/other")
    #expect(throws: SetupRecordFile.Failure.self) { try file.load() }
  }
}
