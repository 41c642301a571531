import Foundation
import LockwiseTestSupport
import Testing

/// Every published vector is held against our code by some test.
///
/// A test uses a vector when a source under `Tests/` other than this one holds the vector's whole name as a string
/// literal, so tests spell names out instead of building them.
@Suite struct VectorCoverageTests {
  /// Entries for what is not built yet. Whoever builds it takes the name out of this list.
  static let laterIssues: Set<String> = [
    // One-time codes.
    "rfc6238-sha1-59", "rfc6238-sha1-1111111109", "rfc6238-sha1-20000000000",
  ]

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
