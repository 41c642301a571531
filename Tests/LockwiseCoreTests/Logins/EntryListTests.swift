import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Lists of names.
@Suite struct EntryListTests {
  private func list(_ sources: [(name: String, guid: String, isForm: Bool)]) -> EntryList {
    EntryList(sources.map { EntryList.Source(guid: $0.guid, name: $0.name, isForm: $0.isForm) })
  }

  private func names(_ sources: [(name: String, guid: String, isForm: Bool)]) -> [String] {
    list(sources).entries.map(\.name)
  }

  @Test func theOrderIsThatOfFiles() {
    let names = ["a", "a/x", "a-b", "a.b", "a b", "A", "a/x/y", "é", "x/x", "x", "a.gpg", "a.gph", "a.gpf", "b b/q"]
    let sorted = names.sorted { left, right in
      // The order of paths, part by part.
      let (a, b) = ((left + ".gpg").split(separator: "/"), (right + ".gpg").split(separator: "/"))
      return a.lexicographicallyPrecedes(b) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    #expect(self.names(names.map { ($0, $0, true) }) == sorted)
  }

  @Test func theOrderOfRandomNames() {
    var random = TestSeed.generator()
    let names = (0..<2000).map { _ in ShownName.of(RandomNames.path(&random)) }
    let list = list(names.enumerated().map { ($1, "guid\($0)", true) }).entries.map(\.name)
    let sorted = list.sorted { left, right in
      let (a, b) = ((left + ".gpg").utf8.split(separator: 0x2F), (right + ".gpg").utf8.split(separator: 0x2F))
      return a.lexicographicallyPrecedes(b) { $0.lexicographicallyPrecedes($1) }
    }
    #expect(list == sorted)
    #expect(Set(list.map { Array($0.utf8) }).count == 2000)
    for (left, right) in zip(list, list.dropFirst()) { #expect(EntryOrder.precedes(left, right) == true) }
  }

  @Test func thePlainNameIsTheOnlyForm() {
    #expect(Set(names([("n", "{abcd1}", true), ("n", "{abcd2}", false)])) == ["n", "n#abcd2"])
    #expect(Set(names([("n", "{abcd1}", true), ("n", "{abcd2}", true)])) == ["n#abcd1", "n#abcd2"])
    #expect(Set(names([("n", "{1111}", false), ("n", "{2222}", false)])) == ["n#1111", "n#2222"])
    #expect(Set(names([("n", "12345678", false), ("n", "12345679", false)])) == ["n#12345678", "n#12345679"])
    #expect(Set(names([("n", "ab", false), ("n", "abc", false)])) == ["n#ab", "n#abc"])
    #expect(Set(names([("n", "a/b/c", false), ("n", "x y z", false)])) == ["n#a%2F", "n#x%20"])
  }

  @Test func aNameThatLooksLikeOneWithDigits() {
    let list = list([("n", "{abcd1}", false), ("n", "{ffff2}", false), ("n#abcd", "{3}", true)])
    #expect(Set(list.entries.map(\.name)) == ["n#abcd", "n#abcd1", "n#ffff"])
    #expect(list.exact("n#abcd").map(\.guid) == ["{3}"])
    #expect(list.exact("n#abcd1").map(\.guid) == ["{abcd1}"])
    #expect(list.exact("n").count == 2)
  }

  @Test func hostileNamesStayApart() {
    let whole = "n#" + String(repeating: "a", count: 36)
    let list = list([
      ("n", String(repeating: "a", count: 36), false), ("n", String(repeating: "a", count: 37), false),
      (whole, "c1234", false), (whole + "#c123", "d", true),
    ])
    #expect(Set(list.entries.map(\.name)).count == 4)
    for entry in list.entries { #expect(list.exact(entry.name).map(\.guid) == [entry.guid]) }
  }

  @Test func digitsKeepTheirMeaning() {
    let alone = list([("n", "{abcdef}", false)])
    #expect(alone.exact("n#abcd").count == 1 && alone.exact("n#abcdef").count == 1)
    #expect(alone.exact("n#abc").isEmpty && alone.exact("n#abce").isEmpty && alone.exact("n#").isEmpty)
    let three = list([("n", "{abcde1}", false), ("n", "{abcde2}", false), ("n", "{ab}", true)])
    #expect(three.exact("n").map(\.guid) == ["{ab}"])
    #expect(Set(three.exact("n#abcd").map(\.guid)) == ["{abcde1}", "{abcde2}"])
  }

  @Test func foldersAreRanges() {
    let list = list(["a", "a/x", "a/y/z", "a-b", "ab/c", "b"].map { ($0, $0, true) })
    #expect(list.below("a").map(\.name) == ["a/x", "a/y/z"])
    #expect(list.below("/a//").map(\.name) == ["a/x", "a/y/z"])
    #expect(list.below("a/y").map(\.name) == ["a/y/z"])
    #expect(list.below("").count == 6 && list.below("/").count == 6)
    #expect(list.below("c").isEmpty && list.below("a/x").isEmpty && list.below("a/").count == 2)
    #expect(EntryList([]).below("a").isEmpty && EntryList([]).exact("a").isEmpty)
  }

  @Test func suggestionsAreNear() {
    let list = list(
      ["github.com/alice", "gitlab.com/alice", "Shopping/amazon", "Work/mail", "bank"].map { ($0, $0, true) })
    #expect(list.suggestions(for: "github.com/alicf", limit: 5).first == "github.com/alice")
    #expect(list.suggestions(for: "AMAZON", limit: 5) == ["Shopping/amazon"])
    #expect(list.suggestions(for: "amazn", limit: 5) == ["Shopping/amazon"])
    #expect(list.suggestions(for: "tlab", limit: 1) == ["gitlab.com/alice"])
    #expect(list.suggestions(for: "xyzzyxyzzy", limit: 5).isEmpty && list.suggestions(for: "", limit: 5).isEmpty)
  }
}
