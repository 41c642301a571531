import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseEnv

@Suite struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func replace(_ name: String, with text: String = "new", mode: mode_t = 0o600) throws {
    try OutputFile(path: Array((folder.path + "/" + name).utf8)).replace(with: SecretBytes(utf8: text), mode: mode)
  }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
  }

  private func content(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test(arguments: [mode_t(0o600), 0o640, 0o444, 0o777])
  func hasTheModeWhateverTheUmask(mode: mode_t) throws {
    try replace("a", mode: mode)
    try folder.write("b", "old", mode: 0o666)
    try replace("b", mode: mode)
    #expect(try self.mode("a") == Int(mode) && self.mode("b") == Int(mode))
    #expect(try content("b") == "new" && names == ["a", "b"])
  }

  @Test func refusesWhatIsNotAFile() throws {
    try folder.write("target", "old")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "target")
    try folder.make("folder")
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    for name in ["link", "folder", "pipe"] { #expect(throws: UserFacingError.self) { try replace(name) } }
    #expect(throws: UserFacingError.self) { try replace("missing/a") }
    #expect(try content("target") == "old" && names == ["folder", "link", "pipe", "target"])
  }
}
