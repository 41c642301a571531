import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Expected lines against lines shown: a difference is always found, and an update never passes for one.
@Suite struct TranscriptAlignmentTests {
  private let pattern = TranscriptPattern(values: [
    "server": "http://127.0.0.1:4711", "port": "4711", "home": "/h/a+b", "host": "lock",
  ])

  private func align(_ expected: [String], _ actual: [String]) -> TranscriptAlignment {
    TranscriptAlignment(expected: expected, actual: actual, pattern: pattern)
  }

  @Test(arguments: [
    ("text", "text"), ("at {server}/x", "at http://127.0.0.1:4711/x"), ("{home}/key", "/h/a+b/key"),
    ("since {time}", "since 2026-11-28 18:54"), ("at {time}", "at 19:40"),
    ("since {time}.", "since 2026-11-28T18:54:01Z."),
    ("{guid}  x", "aB3-_fghijkl  x"), ("{guid}", "{01234567-89ab-cdef-0123-456789abcdef}"),
    ("wait {span}", "wait 15 minutes"), ("wait {span}", "wait 1 second"), ("{ago}", "just now"),
    ("{ago}", "2 minutes ago"), ("v{version}", "v0.3.0-dev"),
    ("{number} of {number}", "3 of 4.5"), ("{hex}", "0123abcd"), ("a...z", "az"), ("a...z", "a and z"),
    ("{\"a\":{number}}", "{\"a\":7}"), ("{unknown}", "{unknown}"), ("...", "anything"),
  ])
  func aLineStandsFor(expected: String, actual: String) { #expect(align([expected], [actual]).isMatch) }

  @Test(arguments: [
    ("text", "Text"), ("text", "text "), ("text", "a text"), ("", "x"), ("a.c", "abc"), ("{server}", "{server}x"),
    ("{server}", "http://127.0.0.1:47112"), ("{home}", "/h/aab"), ("{time}", "soon"), ("{guid}", "aB3-_fghijk"),
    ("{guid}", "aB3-_fghijklm"), ("{span}", "15"), ("{ago}", "2 minutes"), ("{number}", "-1"), ("{hex}", "0123ABCD"),
    ("a...z", "a"),
    ("{unknown}", "x"), ("! text", "text"), ("? 3", "? 30"), ("...", "! an error"), ("...", "? 1"), ("...", "* x"),
    ("! ...", "output"), ("> x", "* x"), ("x...", "y"),
  ])
  func aLineDoesNotStandFor(expected: String, actual: String) { #expect(!align([expected], [actual]).isMatch) }

  @Test(
    arguments: [
      (["..."], []), (["..."], ["a", "", "b"]), (["a", "...", "z"], ["a", "z"]),
      (["a", "...", "z"], ["a", "z", "b", "z"]),
      (["...", "! ...", "? 1"], ["a", "! b", "! c", "? 1"]), (["...", "b", "..."], ["a", "b", "c"]), ([], []),
    ] as [([String], [String])])
  func dotsStandForAnyNumberOfLines(expected: [String], actual: [String]) {
    #expect(align(expected, actual).isMatch)
  }

  @Test(
    arguments: [
      ([], ["a"]), (["a"], []), (["a", "b"], ["b", "a"]), (["a"], ["a", "a"]), (["a", "a"], ["a"]), (["a", ""], ["a"]),
      (["a", "...", "z"], ["a", "b"]), (["..."], ["a", "? 1", "b"]), (["..."], ["a", "! b"]),
      (["! ..."], ["a", "! b"]), (["..."], ["a", "? 1"]),
    ] as [([String], [String])])
  func anyOtherLinesDiffer(expected: [String], actual: [String]) { #expect(!align(expected, actual).isMatch) }

  /// Without placeholders, exactly equal texts match: checked against `==` on many small texts.
  @Test func plainLinesMatchOnlyThemselves() {
    var generator = TestSeed.generator()
    func text() -> [String] {
      (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        ["a", "b", "! a", "? 1", ""].randomElement(using: &generator) ?? ""
      }
    }
    for _ in 0..<2000 {
      let (expected, actual) = (text(), text())
      let alignment = align(expected, actual)
      #expect(alignment.isMatch == (expected == actual), "\(expected) \(actual)")
      #expect(alignment.updated(pattern) == actual)
    }
  }

  @Test func anUpdateKeepsWhatStillMatches() {
    let alignment = align(
      ["pulled at {time}", "...", "old words", "from {server}", "? 1"],
      [
        "pulled at 2026-11-28 18:54", "more", "new words at 2026-11-28 19:00 of {x}", "from http://127.0.0.1:4711",
        "? 2",
      ])
    #expect(!alignment.isMatch)
    let updated = alignment.updated(pattern)
    #expect(updated.first == "pulled at {time}" && updated.contains("from {server}") && updated.last == "? 2")
    #expect(!updated.contains("old words") && !updated.contains("? 1"))
  }

  @Test func newTextIsWrittenWithPlaceholders() {
    #expect(pattern.generalize("key /h/a+b/key of http://127.0.0.1:4711", as: []) == "key {home}/key of {server}")
    #expect(pattern.generalize("port 4711", as: ["x"]) == "port {port}")
    #expect(pattern.generalize("lockwise on lock", as: ["x"]) == "lockwise on lock")
    #expect(pattern.generalize("on lock", as: ["lockwise on {host}"]) == "on {host}")
    #expect(pattern.generalize("? 1", as: ["{number} x"]) == "? 1")
    let id = "{01234567-89ab-cdef-0123-456789abcdef}"
    #expect(pattern.generalize("lockwise-sync \(id)", as: ["{guid}"]) == "lockwise-sync {guid}")
    #expect(pattern.generalize("at 2026-11-28 18:54", as: ["since {time}"]) == "at {time}")
    #expect(pattern.generalize("at 2026-11-28 18:54", as: ["since"]) == "at 2026-11-28 18:54")
  }

  /// What an update writes matches what was shown, whatever was expected before.
  @Test func anUpdateMatches() {
    var generator = TestSeed.generator()
    let expected = ["a", "{time}", "...", "! ...", "! b", "? 1", "{number} x", "* c"]
    let actual = ["a", "2026-11-28 18:54", "! b", "! c", "? 1", "3 x", "x", "* c", "http://127.0.0.1:4711"]
    for _ in 0..<300 {
      func some(_ lines: [String]) -> [String] {
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in lines.randomElement(using: &generator) ?? "" }
      }
      let (before, shown) = (some(expected), some(actual))
      let updated = align(before, shown).updated(pattern)
      #expect(align(updated, shown).isMatch, "\(before) \(shown) \(updated)")
    }
  }

  @Test func theDifferenceIsShownWithItsSurroundings() {
    let lines = (1...9).map { UnifiedDiff.Line.both("\($0)") } + [.old("x"), .new("y"), .new("z"), .both("10")]
    #expect(
      UnifiedDiff(name: "t", lines: lines).description
        == "--- t, expected\n+++ t, shown\n@@ -7,5 +7,6 @@\n 7\n 8\n 9\n-x\n+y\n+z\n 10\n")
    #expect(UnifiedDiff(name: "t", lines: [.both("x")]).description == "")
    #expect(
      UnifiedDiff(name: "t", lines: [.new("x")]).description == "--- t, expected\n+++ t, shown\n@@ -0,0 +1,1 @@\n+x\n")
  }
}
