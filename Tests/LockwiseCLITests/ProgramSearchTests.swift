import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct ProgramSearchTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.make("first")
    try folder.make("second")
    try folder.write("second/tool", "#!/bin/sh\n", mode: 0o700)
  }

  private func find(_ program: String, path: String?) -> String? {
    var variables: [String: String] = [:]
    variables["PATH"] = path
    return ProgramSearch(Environment(variables)).find(program)
  }

  @Test func theFirstFolderWithTheProgramIsUsed() throws {
    #expect(find("tool", path: "\(folder.path)/first:\(folder.path)/second") == folder.path + "/second/tool")
    try folder.write("first/tool", mode: 0o755)
    #expect(find("tool", path: "\(folder.path)/first:\(folder.path)/second") == folder.path + "/first/tool")
    #expect(find("tool", path: "\(folder.path)/first") == folder.path + "/first/tool")
  }

  @Test func onlyRegularExecutableFilesAreFound() throws {
    let path = "\(folder.path)/first:\(folder.path)/second"
    try folder.make("first/tool")
    #expect(find("tool", path: path) == folder.path + "/second/tool")
    try FileManager.default.removeItem(atPath: folder.path + "/first/tool")
    try folder.link("first/tool", to: folder.path + "/second")
    #expect(find("tool", path: path) == folder.path + "/second/tool")
    try FileManager.default.removeItem(atPath: folder.path + "/first/tool")
    try folder.write("first/tool", "not executable", mode: 0o600)
    #expect(find("tool", path: path) == folder.path + "/second/tool")
    try FileManager.default.removeItem(atPath: folder.path + "/first/tool")
    mkfifo(folder.path + "/first/tool", 0o700)
    #expect(find("tool", path: path) == folder.path + "/second/tool")
    try FileManager.default.removeItem(atPath: folder.path + "/first/tool")
    try folder.link("first/tool", to: folder.path + "/second/tool")
    #expect(find("tool", path: path) == folder.path + "/first/tool")
  }

  /// The current folder contains a program of this name during the test.
  @Test(.serialized, arguments: ["", ".", ":", "::", "bin", "./", ".:", ":.", "..", nil])
  func emptyAndRelativeEntriesOfPATHDoNotCount(path: String?) throws {
    let name = "lockwise-test-\(UUID().uuidString)"
    for place in [".", "bin"] {
      let created = (try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)) != nil
      let file = place + "/" + name
      try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: file))
      defer { try? FileManager.default.removeItem(atPath: created ? place : file) }
      chmod(file, 0o700)
      #expect(find(name, path: path) == nil)
      #expect(find(name, path: path.map { $0 + ":\(folder.path)/first" }) == nil)
    }
    // Such a PATH names no folder, so the default folders apply.
    #expect(find("sh", path: path) == "/usr/bin/sh" || find("sh", path: path) == "/bin/sh")
  }

  @Test(arguments: ["./tool", "second/tool", "../tool", "", "tool/"])
  func aRelativePathIsNotFound(program: String) {
    #expect(find(program, path: folder.path + "/second") == nil)
  }

  @Test func anAbsolutePathMustNameAProgram() {
    #expect(find(folder.path + "/second/tool", path: "/nonexistent") == folder.path + "/second/tool")
    #expect(find(folder.path + "/second", path: "/nonexistent") == nil)
    #expect(find(folder.path + "/second/none", path: "/nonexistent") == nil)
  }
}
