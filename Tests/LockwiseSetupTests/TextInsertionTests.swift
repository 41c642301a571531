import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

@Suite struct TextInsertionTests {
  private func bytes(_ text: String) -> SecretBytes { SecretBytes(utf8: text) }

  @Test(arguments: [
    ("", "a"), ("ac", "abc"), ("abc", "abcd"), ("abc", "xabc"), ("aa", "aaa"), ("[a]\n", "[a]\n[b]\n\tc = d\n"),
  ])
  func findsWhatWasAdded(old: String, new: String) throws {
    let insertion = try #require(TextInsertion(from: bytes(old), to: bytes(new)))
    #expect(insertion.applied(to: bytes(old)) == bytes(new))
    #expect(insertion.removed(from: bytes(new)) == bytes(old))
  }

  @Test(arguments: [("a", "a"), ("ab", "a"), ("ab", "xyz"), ("ab", "bxa"), ("a\n", "b\nc\n")])
  func anotherChangeIsNotAnInsertion(old: String, new: String) {
    #expect(TextInsertion(from: bytes(old), to: bytes(new)) == nil)
  }

  @Test func isRemovedOnlyWhereItIs() {
    let insertion = TextInsertion(position: 2, bytes: Array("xy".utf8))
    #expect(insertion.removed(from: bytes("abxycd")) == bytes("abcd"))
    #expect(insertion.removed(from: bytes("axycd")) == nil)
    #expect(insertion.removed(from: bytes("abx")) == nil)
    #expect(insertion.removed(from: bytes("")) == nil)
    #expect(insertion.found(in: bytes("axycd")) == bytes("acd"))
    #expect(insertion.found(in: bytes("axyxyd")) == nil)
    #expect(insertion.found(in: bytes("x")) == nil)
  }

  @Test func everyInsertionIsFound() throws {
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<500 {
      // Few letters, so that the same ones are around the place.
      let old = generator.bytes(Int.random(in: 0...12, using: &generator)).map { $0 & 1 }
      let new = generator.bytes(Int.random(in: 1...6, using: &generator)).map { $0 & 1 }
      var text = old
      text.insert(contentsOf: new, at: Int.random(in: 0...old.count, using: &generator))
      let insertion = try #require(
        TextInsertion(from: SecretBytes(copying: old), to: SecretBytes(copying: text)))
      #expect(insertion.removed(from: SecretBytes(copying: text)) == SecretBytes(copying: old))
    }
  }
}
