import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// Trees of names.
@Suite struct TreeRendererTests {
  private func list(_ names: [String]) -> EntryList {
    EntryList(names.map { EntryList.Source(guid: $0, name: $0, isForm: true) })
  }

  private func tree(
    _ names: [String], folder: String = "", charset: TreeCharset = .ascii, hasColours: Bool = false
  ) -> String {
    let list = list(names)
    let entries = list.below(folder)
    let depth = folder.isEmpty ? 0 : folder.utf8.count + 1
    let output = TreeRenderer(charset: charset, hasColours: hasColours).tree(
      "Top", list.rows[entries.indices], of: list, below: depth)
    return output.exposedText() ?? ""
  }

  @Test func foldersAndEntries() {
    #expect(
      tree(["a", "a/b/c", "a/d", "a-b", "x/y/z"], charset: .utf8) == """
        Top
        ├── a
        │\u{A0}\u{A0} ├── b
        │\u{A0}\u{A0} │\u{A0}\u{A0} └── c
        │\u{A0}\u{A0} └── d
        ├── a-b
        ├── a
        └── x
            └── y
                └── z

        """)
    #expect(tree(["a/b/c", "a/d"], folder: "a") == "Top\n|-- b\n|   `-- c\n`-- d\n")
    #expect(tree([]) == "Top\n")
  }

  @Test func colours() {
    #expect(
      tree(["a/b"], hasColours: true)
        == "Top\n`-- \u{1B}[01;34ma\u{1B}[0m\n    `-- \u{1B}[00mb\u{1B}[0m\n")
  }

  @Test func controlCharactersAreEscaped() {
    #expect(tree(["a/\u{1B}[2J\n/b"]) == "Top\n`-- a\n    `-- %1B[2J%0A\n        `-- b\n")
  }

  /// PassFF's parser: box characters become `|--`, the depth is the length before them by four.
  @Test func frontEndsReadEachNameBack() {
    var random = TestSeed.generator()
    for _ in 0..<50 {
      let names = Set(
        (0..<30).map { _ in RandomNames.path(&random) }.filter { !$0.contains(" -> ") && !$0.contains("`") })
      let list = list(Array(names))
      let output = TreeRenderer(charset: .latin, hasColours: false).tree("Password Store", list.rows[...], of: list)
      var path: [(depth: Int, name: String)] = []
      var read: Set<String> = []
      var previous: (depth: Int, name: String)?
      func finish(_ next: Int) {
        if let previous, next <= previous.depth {
          read.insert((path.map(\.name) + [previous.name]).joined(separator: "/"))
        }
      }
      for line in (output.exposedText() ?? "").split(separator: "\n").dropFirst() {
        let bytes = line.replacing("&middot;", with: ";", maxReplacements: 1).utf8
        // The line's own connector is the first: no part of an indent has two hyphens.
        let mark = Array(bytes).indices.first { Array(bytes)[$0...].starts(with: "-- ".utf8) }!
        let depth = (mark - 1) / 4
        let name = String(decoding: bytes.dropFirst(mark + 3), as: UTF8.self)
        finish(depth)
        if let previous, depth > previous.depth { path.append(previous) }
        while let last = path.last, last.depth >= depth { path.removeLast() }
        previous = (depth, name)
      }
      finish(0)
      #expect(read == Set(list.entries.map(\.name)))
    }
  }

  @Test func listings() {
    let list = list(["b", "a\"\\/c"])
    #expect(NameListing.lines(list.rows[...], of: list) == SecretBytes(utf8: "a\"\\/c\nb\n"))
    let objects = (try? JSONValue(parsing: NameListing.json(list.rows[...], of: list)))?.array?.compactMap(\.object)
    #expect(objects?.map { $0["name"]?.string } == ["a\"\\/c", "b"])
    #expect(objects?.map { $0["guid"]?.string } == ["a\"\\/c", "b"])
    #expect(NameListing.json([], of: list) == SecretBytes(utf8: "[]\n"))
  }
}
