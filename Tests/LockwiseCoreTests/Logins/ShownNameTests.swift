import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Names as they are shown and compared.
@Suite struct ShownNameTests {
  @Test(arguments: [
    ("github.com/alice", "github.com/alice"), ("per%20cent", "per%20cent"), ("a b/ c", "a b/ c"), ("a//b", "a%2F/b"),
    ("a///b", "a%2F%2F/b"), ("a/", "a%2F"), ("/a", "%2Fa"), ("a/.", "a%2F."), ("a/..", "a%2F.."), ("a/./b", "a%2F./b"),
    ("a/../b", "a%2F../b"), ("a/...", "a/..."), ("a/.b", "a/.b"), ("a/..b", "a/..b"), (".", "%2E"), ("..", "%2E."),
    ("./a", ".%2Fa"), ("../a/b", "..%2Fa/b"), ("a\nb", "a%0Ab"), ("\u{1B}[2J", "%1B[2J"), ("a\u{7F}", "a%7F"),
    ("a\u{85}b", "a%C2%85b"), ("a\u{A0}b", "a\u{A0}b"), ("a\u{2028}b", "a%E2%80%A8b"), ("a\u{202E}b", "a%E2%80%AEb"),
    ("a\u{2066}b", "a%E2%81%A6b"), ("👨‍👩‍👧/e\u{301}", "👨‍👩‍👧/e\u{301}"), ("", ""), ("/", "%2F"), ("//", "%2F%2F"),
  ])
  func escapes(raw: String, shown: String) { #expect(ShownName.of(raw).isSameText(as: shown)) }

  @Test func aShownNameIsItsOwn() {
    var random = TestSeed.generator()
    for _ in 0..<4000 {
      let shown = ShownName.of(RandomNames.text(&random))
      #expect(ShownName.of(shown).isSameText(as: shown), "\(shown)")
      let parts = shown.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Substring($0) }
      #expect(!parts.contains { ["", ".", ".."].contains($0) }, "\(shown)")
      #expect(!shown.unicodeScalars.contains { $0.properties.generalCategory == .control }, "\(shown)")
    }
  }

  @Test func levelsAreLimited() {
    let deep = Array(repeating: "a", count: 5000).joined(separator: "/")
    let shown = ShownName.of(deep)
    #expect(shown.utf8.filter { $0 == UInt8(ascii: "/") }.count == ShownName.mostLevels)
    #expect(ShownName.of(shown).isSameText(as: shown))
  }
}
