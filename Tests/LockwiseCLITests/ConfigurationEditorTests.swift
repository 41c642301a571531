import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct ConfigurationEditorTests {
  private let folder: TemporaryFolder
  private var environment: Environment { Environment(["HOME": folder.path]) }
  private var path: String { folder.path + "/.config/lockwise/config" }

  init() throws { folder = try TemporaryFolder() }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private func mode(_ path: String) -> mode_t {
    var info = stat()
    stat(path, &info)
    return info.st_mode & 0o7777
  }

  @Test func aLineIsWrittenChangedAndRemoved() throws {
    let editor = try ConfigurationEditor(environment)
    try editor.set("unlock-command", to: "pass show 'x = y'")
    #expect(try text() == "unlock-command = pass show 'x = y'\n")
    #expect(Configuration(environment).unlockCommand == "pass show 'x = y'")
    #expect(mode(path) == 0o600)
    #expect(mode(folder.path + "/.config/lockwise") == 0o700)
    try editor.set("unlock-command", to: "cat")
    #expect(try text() == "unlock-command = cat\n")
    try editor.set("unlock-command", to: nil)
    #expect(try text() == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.config/lockwise") == ["config"])
  }

  @Test func allOtherLinesStayAsTheyAre() throws {
    try folder.make(".config/lockwise")
    try folder.write(".config/lockwise/config", "# a\n\nstore=no\nnonsense\nstore = x\npull-timeout = 1", mode: 0o640)
    let editor = try ConfigurationEditor(environment)
    try editor.set("store", to: "true")
    #expect(try text() == "# a\n\nnonsense\nstore = true\npull-timeout = 1\n")
    #expect(mode(path) == 0o640)
    try editor.set("erase", to: "none")
    #expect(try text() == "# a\n\nnonsense\nstore = true\npull-timeout = 1\nerase = none\n")
    try editor.set("store", to: nil)
    #expect(try text() == "# a\n\nnonsense\npull-timeout = 1\nerase = none\n")
  }

  @Test(arguments: ["a\nstore = no", "a\u{0}", " a", "a ", "a\r"])
  func aValueThatNoLineCanHoldIsRefused(value: String) throws {
    let editor = try ConfigurationEditor(environment)
    #expect(throws: ConfigurationEditor.Failure.unusableValue(name: "unlock-command")) {
      try editor.set("unlock-command", to: value)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aLinkRemainsALink() throws {
    try folder.make(".config/lockwise")
    try folder.make("repository")
    let target = try folder.write("repository/config", "store = no\n")
    try folder.link(".config/lockwise/config", to: target)
    try ConfigurationEditor(environment).set("erase", to: "none")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == target)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "store = no\nerase = none\n")
  }

  @Test func anUnusedFileIsNotChanged() throws {
    try folder.make(".config/lockwise")
    try folder.write(".config/lockwise/config", "store = no\n", mode: 0o666)
    #expect(throws: ConfigurationEditor.Failure.self) { try ConfigurationEditor(environment).set("erase", to: "none") }
    #expect(try text() == "store = no\n")
  }

  @Test func nothingIsWrittenWithoutAPath() {
    #expect(throws: ConfigurationEditor.Failure.noPlace) { try ConfigurationEditor(Environment(["HOME": "home"])) }
  }

  @Test func concurrentWritersKeepEachOthersLines() async throws {
    let names = Setting.all.filter { $0.kind == .text }.map(\.name)
    let environment = environment
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in names { group.addTask { try ConfigurationEditor(environment).set(name, to: "x") } }
      try await group.waitForAll()
    }
    #expect(Set(Configuration(environment).file.entries.values.map(\.line)) == Set(1...names.count))
  }
}
