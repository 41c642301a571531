import Foundation

@testable import LockwiseHostSupport

/// The files of the repository, found from this one.
enum Repository {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ path: String) -> String { root.appendingPathComponent(path).path }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder))
  }

  /// The documents: Markdown files at the root and in `docs`.
  static func documents() throws -> [String] {
    try (names(in: "") + names(in: "docs").map { "docs/" + $0 }).filter { $0.hasSuffix(".md") }.sorted()
  }

  static func swiftFiles(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(folder))
      .filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> Run {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw Problem("\(program) is missing: run contrib/build all first")
    }
    return try Run.program(
      program, arguments, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"])
  }
}

/// The reason why a page, a help or a source cannot be read.
struct Problem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
