import Foundation
import LockwiseTestSupport

/// The programs under test, built by `contrib/build`.
enum Executables {
  /// A missing program.
  struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is missing: run contrib/build all first" }
  }

  /// The folder of the programs: `LOCKWISE_TEST_BIN`, else `.build/bin` of the package.
  static let directory =
    ProcessInfo.processInfo.environment["LOCKWISE_TEST_BIN"].map { $0.isEmpty ? built : $0 } ?? built

  private static let built = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(".build/bin").path

  /// Returns the path of a program.
  ///
  /// - Throws: `Missing`.
  static func path(_ name: String) throws -> String {
    let path = directory + "/" + name
    guard access(path, X_OK) == 0 else { throw Missing(path: path) }
    return path
  }

  /// Returns the path of a system program in the usual folders.
  ///
  /// - Throws: `Missing`.
  static func ofSystem(_ name: String) throws -> String {
    for place in ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"] where access(place + name, X_OK) == 0 {
      return place + name
    }
    throw MissingTool(name: name)
  }

  /// A missing system program.
  struct MissingTool: Error, CustomStringConvertible {
    let name: String
    var description: String { "the program \(name) is missing: run contrib/install-packages first" }
  }
}
