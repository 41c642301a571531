import Foundation
import Testing

@testable import LockwiseEnv

@Suite final class InheritedVariablesTests {
  private let entries: [UnsafeMutablePointer<CChar>]
  private let variables: InheritedVariables

  init() throws {
    let texts: [[UInt8]] =
      [
        "PATH=/bin", "A=1", "A=2", "AB=3", "A", "=x", "", "LC_TIME=C", "LC=4", "REF=lockwise://a", "REF=lockwise://b",
        "NOT=1", "NOT=lockwise://c", "x.y=lockwise://d", "TEXT=see lockwise://e", "EMPTY=lockwise://",
      ].map { Array($0.utf8) } + [[0xFF, 0x3D, 0x80]]
    entries = try texts.map { try #require(strdup(String(decoding: $0, as: UTF8.self))) }
    variables = InheritedVariables(entries: entries)
  }

  deinit { for entry in entries { free(entry) } }

  private func kept(_ names: Set<String>, isClean: Bool) -> [String] {
    variables.kept(replacing: Set(names.map { Array($0.utf8) }), isClean: isClean).map { String(cString: $0) }
  }

  @Test func keepsEverything() {
    #expect(variables.kept(replacing: [], isClean: false) == entries)
  }

  @Test func leavesOutWhatIsReplaced() {
    let kept = kept(["A", "LC", "absent"], isClean: false)
    #expect(kept.count == entries.count - 4)
    #expect(!kept.contains { ["A=1", "A=2", "A", "LC=4"].contains($0) })
    #expect(kept.contains("AB=3") && kept.contains("=x"))
  }

  @Test func keepsLittleOfACleanEnvironment() {
    #expect(kept([], isClean: true) == ["PATH=/bin", "LC_TIME=C"])
    #expect(kept(["PATH"], isClean: true) == ["LC_TIME=C"])
  }

  @Test func findsReferences() {
    let found = variables.references.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
    #expect(found == ["REF=lockwise://a", "EMPTY=lockwise://"])
  }
}
