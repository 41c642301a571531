import Foundation
import LockwiseTestSupport

@testable import LockwiseHostSupport

/// A home with Firefox profiles whose files NSS wrote (`Tests/Fixtures/nss`), and without an account.
final class LocalHome {
  let scratch: Scratch

  /// - Parameter profiles: the fixtures' folders by the profiles' names.
  init(_ profiles: [String: String] = ["default-esr": "aes"]) throws {
    scratch = try Scratch()
    let root = firefox
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var list = ""
    for (number, (name, fixture)) in profiles.sorted(by: { $0.key < $1.key }).enumerated() {
      // Not as a whole, because the copy would have the repository's owner.
      let source = TestVectors.fixtures.appendingPathComponent("nss").appendingPathComponent(fixture)
      try FileManager.default.createDirectory(atPath: root + "/" + name, withIntermediateDirectories: false)
      for file in try FileManager.default.contentsOfDirectory(atPath: source.path) {
        try Data(contentsOf: source.appendingPathComponent(file))
          .write(to: URL(fileURLWithPath: root + "/" + name + "/" + file))
      }
      list += "[Profile\(number)]\nName=\(name)\nIsRelative=1\nPath=\(name)\n"
    }
    try scratch.write(list, to: root + "/profiles.ini")
  }

  var firefox: String { (scratch.environment["HOME"] ?? "") + "/.mozilla/firefox" }

  /// Returns the path of a profile's file.
  func file(_ name: String, of profile: String = "default-esr") -> String { firefox + "/" + profile + "/" + name }

  /// Runs `lockwise-sync`.
  func sync(_ arguments: String..., input: Input = .none) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"), arguments, input: input, environment: scratch.environment)
  }

  /// Runs `lockwise-sync login --local` with a key file.
  @discardableResult
  func login(_ arguments: String...) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"), ["login", "--local", "--key-file", scratch.keyFile] + arguments,
      environment: scratch.environment)
  }

  /// Runs another program of the suite.
  func run(_ program: String, _ arguments: String..., input: Input = .none) throws -> Run {
    try Run.program(Executables.path(program), arguments, input: input, environment: scratch.environment)
  }

  /// The content, times and inode of every file in the folder of the profiles.
  func files() throws -> [String: [String]] {
    var files: [String: [String]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: firefox) {
      let path = firefox + "/" + name
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      let content = (try? Data(contentsOf: URL(fileURLWithPath: path))).map { $0.base64EncodedString() } ?? ""
      files[name] = [
        content, "\(info.st_ino) \(info.st_mode) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)",
        "\(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)",
      ]
    }
    return files
  }
}
