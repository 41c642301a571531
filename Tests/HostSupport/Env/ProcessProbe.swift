import Foundation
import LockwiseTestSupport
import Testing

/// The program `Tests/Programs/process-probe.c`, compiled: it reports what it got from execve(2).
final class ProcessProbe {
  /// The states in which it can start a program.
  static let states = [
    "usual", "ignoring", "ignoring-children", "pending-child", "blocking", "limits", "unlimited-core", "descriptors",
    "closed0",
    "closed1", "closed2", "closed012", "children", "variables", "without-variables",
  ]

  /// Its path.
  let path: String

  /// Compiles the program in a folder.
  init(in folder: String) throws {
    path = folder + "/process-probe"
    let source = TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Programs/process-probe.c")
    let run = try Run.program(
      Executables.ofSystem("cc"), ["-O1", "-o", path, source.path], environment: ["PATH": "/usr/bin:/bin"])
    run.expectSuccess()
  }

  /// Returns the lines of a report.
  ///
  /// The identities of pipes differ between any two runs, and are left out.
  static func report(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      String($0.replacing(/pipe:\[[0-9]+\]/, with: "pipe"))
    }
  }
}
