import Foundation
import LockwiseTestSupport
import Testing

/// Every published vector is used by a test.
///
/// A vector is used if a source file in `Tests/` other than this one contains its whole name as a string literal. Tests
/// must therefore spell names out.
@Suite struct VectorCoverageTests {
  /// Vectors for features that do not exist yet. Remove a name when its feature is built.
  static let laterIssues: Set<String> = []

  private static func literals() throws -> Set<String> {
    let tests = TestVectors.fixtures.deletingLastPathComponent()
    let sources = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
    var literals: Set<String> = []
    while let file = sources?.nextObject() as? URL {
      guard file.pathExtension == "swift", file.lastPathComponent != "VectorCoverageTests.swift" else {
        continue
      }
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /"([A-Za-z0-9-]+)"/) { literals.insert(String(match.1)) }
    }
    return literals
  }

  @Test func everyVectorIsUsed() throws {
    let names = Set(try TestVectors.all().map(\.name))
    let used = try Self.literals().intersection(names)
    #expect(!used.isEmpty)
    #expect(names.subtracting(used).subtracting(Self.laterIssues).sorted() == [], "vectors that no test uses")
    #expect(Self.laterIssues.intersection(used).sorted() == [], "used already: take them out of laterIssues")
    #expect(Self.laterIssues.subtracting(names).sorted() == [], "in laterIssues, but not in vectors.json")
  }

  @Test func namesAreUnique() throws {
    let names = try TestVectors.all().map(\.name)
    #expect(names.count == Set(names).count)
  }
}
