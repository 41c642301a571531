import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Trees of lockwise-pass and of Debian's pass(1) over the same names.
///
/// `LOCKWISE_TREES` sets the number of random sets of names (40).
@Suite(.serialized) struct PassTreeTests {
  /// The character sets that are compared: the variables that select them.
  private static let charsets: [[String: String]] = [
    ["LC_ALL": "C.UTF-8"], ["LC_ALL": "C"], ["TREE_CHARSET": "ISO-8859-1"], ["TREE_CHARSET": "US-ASCII"],
  ]

  /// The same names in a vault and in a folder of pass.
  private struct Stores {
    let home: PassHome
    let folder: String
    let environment: [String: String]

    init(_ names: [String]) throws {
      home = try PassHome(try names.enumerated().map { try Self.login($1, number: $0) })
      folder = home.scratch.root + "/store"
      environment = home.scratch.environment.merging([
        "PATH": "/usr/bin:/bin", "PASSWORD_STORE_DIR": folder, "TERM": "dumb",
      ]) { $1 }
      for name in names {
        let path = folder + "/" + name + ".gpg"
        let parent = path.prefix(upTo: path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)
        try FileManager.default.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
          throw Spawn.Failure(program: path, number: errno)
        }
      }
    }

    static func login(_ name: String, number: Int) throws -> LoginRecord {
      try PassHome.login(named: name, number: number, password: "pw \(number)")
    }

    /// What pass writes to a pipe, without colours.
    func pass(_ arguments: [String], _ variables: [String: String] = [:]) throws -> String {
      let run = try Run.program(
        Executables.ofSystem("pass"), arguments, environment: environment.merging(variables) { $1 })
      return run.output.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    }
  }

  private func names(_ random: inout SeededGenerator) -> [String] {
    var names: Set<[UInt8]> = []
    for _ in 0..<Int.random(in: 1...25, using: &random) {
      let name = RandomNames.path(&random)
      // tree(1) does not show hidden files.
      if !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { names.insert(Array(name.utf8)) }
    }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether pass, which matches the names of files and shows no folders below a folder that matches, differs on
  /// purpose.
  private func differs(_ term: String, _ names: [String]) -> Bool {
    let folded = Array(term.utf8)
    func matches(_ part: Substring) -> Bool {
      let part = part.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
      return part.indices.contains { part[$0...].starts(with: folded) }
    }
    return names.contains { name in
      let parts = name.split(separator: "/")
      return parts.dropLast().contains(where: matches)
        || matches("\(parts.last ?? "").gpg") != matches(parts.last ?? "")
    }
  }

  @Test func randomNames() throws {
    var random = TestSeed.generator()
    var compared = 0
    let sets = ProcessInfo.processInfo.environment["LOCKWISE_TREES"].flatMap { Int($0) } ?? 40
    for _ in 0..<sets {
      let names = names(&random)
      guard !names.isEmpty else { continue }
      let stores = try Stores(names)
      for variables in Self.charsets {
        #expect(try stores.home.pass(["ls"], with: variables).output == stores.pass(["ls"], variables))
      }
      let folders = names.compactMap { name in name.lastIndex(of: "/").map { String(name[..<$0]) } }
      if let folder = folders.randomElement(using: &random), !names.contains(folder),
        // pass prints the heading by echo(1), which takes these for options.
        !folder.hasPrefix("-")
      {
        for typed in [folder, folder + "/", "/" + folder] {
          let arguments = ["show", "--", typed]
          #expect(try stores.home.pass(arguments).output == stores.pass(arguments), "\(typed)")
        }
      }
      let term = String(
        decoding: RandomNames.part(&random).utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
      guard !term.contains(where: { "*?[]\\|".contains($0) }), !differs(term, names) else { continue }
      compared += 1
      #expect(try stores.home.pass(["find", term]).output == stores.pass(["find", term]), "\(term)")
    }
    #expect(compared > sets / 6)
  }

  @Test func coloursAtATerminal() throws {
    var random = TestSeed.generator()
    for _ in 0..<20 {
      let stores = try Stores(names(&random) + ["some/entry"])
      for arguments in [["ls"], ["show", "some"], ["find", "entry"]] {
        let ours = try stores.home.terminal(arguments).finish()
        let theirs = try PseudoTerminal(
          Executables.ofSystem("pass"), arguments, environment: stores.environment
        ).finish()
        #expect(ours.shown == theirs.shown && ours.status == theirs.status, "\(arguments)")
        #expect(ours.shown.contains("\u{1B}[00mentry\u{1B}[0m"))
      }
    }
  }

  @Test func coloursCanBeChosen() throws {
    let stores = try Stores(["a/b"])
    let coloured = "Password Store\n└── \u{1B}[01;34ma\u{1B}[0m\n    └── \u{1B}[00mb\u{1B}[0m\n"
    #expect(try stores.home.pass(["ls"], with: ["CLICOLOR_FORCE": "1"]).output == coloured)
    #expect(try stores.home.pass(["ls"]).output == "Password Store\n└── a\n    └── b\n")
    let plain = try stores.home.terminal(["ls"], with: ["NO_COLOR": "1"]).finish()
    #expect(!plain.shown.contains("\u{1B}"))
  }

  @Test func patternsAreThoseOfTree() throws {
    var random = TestSeed.generator()
    let letters = ["a", "b", "A", "z", "[", "]", "*", "?", "\\", "|", "-", "^", "!", "é", "_", "~"]
    func text(_ count: ClosedRange<Int>) -> String {
      (0..<Int.random(in: count, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" }.joined()
    }
    let names = Set((0..<80).map { _ in text(1...4) })
    let home = try PassHome(try names.enumerated().map { try Stores.login($1, number: $0) })
    let folder = home.scratch.root + "/files"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in names { #expect(FileManager.default.createFile(atPath: folder + "/" + name, contents: nil)) }
    for _ in 0..<400 {
      let term = text(0...6)
      // tree(1) lets such a set match the end of a name.
      if term.contains("[^") { continue }
      // Two stars mean folders of any depth in its version 2.
      if "*\(term)*".contains("**") { continue }
      // It compares the bytes of a range, whose order is that of characters in ASCII only.
      if term.contains("é-") || term.contains("-é") { continue }
      let theirs = try Run.program(
        Executables.ofSystem("tree"), ["-N", "-i", "--noreport", "--ignore-case", "-P", "*\(term)*", folder],
        environment: home.environment)
      let ours = try home.pass(["find", term], with: ["TREE_CHARSET": ""])
      let found = ours.lines.dropFirst().map { String($0.dropFirst(4)) }
      #expect(Set(found) == Set(theirs.lines.dropFirst()), "\(term)")
    }
  }

  /// PassFF reads the tree that its host asks for, and asks for an entry by the name it read.
  @Test func eachNameOfTheTreeIsFound() throws {
    var random = TestSeed.generator()
    for _ in 0..<10 {
      let stores = try Stores(names(&random).filter { !$0.contains(" -> ") && !$0.contains("`") })
      let tree = try stores.home.pass(["show", "--", "/"], with: ["TREE_CHARSET": "ISO-8859-1"])
      let read = PassFFTree.names(tree.output)
      let flat = try stores.home.pass(["ls", "--flat"]).lines
      #expect(read.sorted() == flat.sorted())
      for name in read {
        let run = try stores.home.pass(["show", "--", "/" + name])
        #expect(run.status == 0 && run.output.hasPrefix("pw "), "\(name): \(run.output) \(run.error)")
      }
    }
  }

  @Test func controlCharactersNeverReachATerminal() throws {
    let json = LoginJSON.whole(
      "{1}", origin: "https://a.example", realm: nil, form: "", username: "x\u{1B}]0;title\u{7}\u{9B}2J\n/..")
    let home = try PassHome([try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{1}")])
    for arguments in [["ls"], ["find", "x"], ["ls", "--flat"]] {
      let shown = try home.terminal(arguments, with: ["NO_COLOR": "1"]).finish().shown
      #expect(shown.contains("x%1B]0;title%07%C2%9B2J%0A%2F.."), "\(arguments)")
      #expect(
        !shown.unicodeScalars.contains {
          $0.properties.generalCategory == .control && !"\r\n".unicodeScalars.contains($0)
        })
    }
  }
}

/// The parser of PassFF for the output of `pass show /`.
enum PassFFTree {
  /// Returns the full names of the entries that have no others below them.
  static func names(_ output: String) -> [String] {
    var path: [(depth: Int, name: String)] = []
    var names: [String] = []
    var previous: (depth: Int, name: String)?
    func finish(_ next: Int) {
      if let previous, next <= previous.depth {
        names.append((path.map(\.name) + [previous.name]).joined(separator: "/"))
      }
    }
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropFirst() {
      let bytes = Array(line.replacing("&middot;", with: "`", maxReplacements: 1).utf8)
      guard let mark = bytes.indices.first(where: { bytes[$0...].starts(with: "-- ".utf8) }) else { continue }
      let depth = (mark - 1) / 4
      finish(depth)
      if let previous, depth > previous.depth { path.append(previous) }
      while let last = path.last, last.depth >= depth { path.removeLast() }
      previous = (depth, String(decoding: bytes[(mark + 3)...], as: UTF8.self))
    }
    finish(0)
    return names
  }
}
