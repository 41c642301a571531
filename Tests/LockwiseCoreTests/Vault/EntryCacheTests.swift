import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The files that keep the names and bodies of all logins.
@Suite struct EntryCacheTests {
  /// What a reader must find: each name with its GUID and body, in the order of the names.
  private struct Content: Equatable {
    var names: [String] = []
    var guids: [String] = []
    var bodies: [String] = []
  }

  private let test: TestVault

  init() throws { test = try TestVault(logins: 100) }

  private var files: [String] { [test.directory.namesFile, test.directory.bodiesFile] }

  /// Returns what the logins say, without the files.
  private func expected() throws -> Content {
    var logins: [String: LoginRecord] = [:]
    try test.reopen().forEachLogin { logins[$0.guid] = $0 }
    var content = Content()
    for entry in EntryList(logins.values.map { EntryList.Source($0) }).entries {
      content.names.append(entry.name)
      content.guids.append(entry.guid)
      content.bodies.append(try #require(logins[entry.guid].map { EntryBody(of: $0).text.exposedText() } ?? nil))
    }
    return content
  }

  private func read() throws -> (content: Content, isOutdated: Bool) {
    let vault = try test.reopen()
    let (list, bodies, isOutdated) = try vault.entryBodies()
    let content = Content(
      names: list.entries.map(\.name), guids: list.entries.map(\.guid),
      bodies: (0..<bodies.count).map { bodies[$0].exposedText() ?? "" })
    let names = try vault.entryList()
    #expect(names.list.entries.map(\.name) == content.names)
    #expect(isOutdated || !names.isOutdated)
    return (content, isOutdated)
  }

  private func change(_ body: (any MirrorUpdate) throws -> Void) throws {
    let update = try test.vault.beginMirrorUpdate()
    try body(update)
    try update.commit()
  }

  @Test func namesAndBodiesAreKept() throws {
    #expect(try read().isOutdated)
    #expect(files.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    try test.reopen().storeEntryCaches(withBodies: true)
    let (content, isOutdated) = try read()
    #expect(try !isOutdated && content == expected())
    #expect(content.bodies.count == 100)
    for file in files {
      #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      for clear in ["host7.example", "user7", "password 7", "{guid-7}"] {
        #expect(bytes.range(of: Data(clear.utf8)) == nil, "\(clear) in \(file)")
      }
      #expect(test.directory.allFiles.contains(file))
    }
  }

  @Test func bodiesAreKeptOnlyIfTheyWereNeeded() throws {
    try test.reopen().storeEntryCaches(withBodies: false)
    #expect(try !test.reopen().entryList().isOutdated)
    #expect(FileManager.default.fileExists(atPath: files[0]) && !FileManager.default.fileExists(atPath: files[1]))
    #expect(try read().isOutdated)
  }

  @Test func aFewLoginsAreReadWithoutFiles() throws {
    let few = try TestVault(logins: 63).reopen()
    #expect(try !few.entryList().isOutdated && !few.entryBodies().isOutdated)
  }

  @Test func changesAreNoticed() throws {
    try test.reopen().storeEntryCaches(withBodies: true)
    try change { update in
      try update.store(TestVault.login(7, password: "changed"))
      try update.store(TestVault.login(8, origin: "https://moved.example"))
      try update.remove(guid: "{guid-9}")
      try update.store(TestVault.login(500))
      // Two logins of one name.
      try update.store(TestVault.login(501, origin: "https://host10.example", realm: nil))
    }
    let changed = try read()
    #expect(try changed.isOutdated && changed.content == expected())
    #expect(changed.content.bodies.contains { $0.hasPrefix("changed\n") })
    #expect(changed.content.names.contains("moved.example/user8"))
    #expect(!changed.content.guids.contains("{guid-9}"))
    try test.reopen().storeEntryCaches(withBodies: true)
    let stored = try read()
    #expect(!stored.isOutdated && stored.content == changed.content)
  }

  /// Random changes; the files are written now and then, and put back to an earlier state now and then.
  @Test func agreeWithTheLogins() throws {
    var random = TestSeed.generator()
    var earlier: [String: Data] = [:]
    for _ in 0..<25 {
      try change { update in
        for _ in 0..<Int.random(in: 1...12, using: &random) {
          let number = Int.random(in: 0..<140, using: &random)
          // Several logins share a host and a user name, so that digits distinguish them.
          let host = "https://host\(number % 20).example"
          if Int.random(in: 0..<4, using: &random) == 0 {
            try update.remove(guid: "{guid-\(number)}")
          } else {
            let (name, isForm) = ("user\(number % 3)", Bool.random(using: &random))
            let json = LoginJSON(
              "{guid-\(number)}", origin: host, realm: isForm ? nil : "r", form: isForm ? "" : nil,
              username: name, password: "p\(Int.random(in: 0..<99, using: &random))")
            try update.store(LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{guid-\(number)}"))
          }
        }
      }
      let expected = try expected()
      #expect(try read().content == expected)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        try test.reopen().storeEntryCaches(withBodies: true)
        #expect(try !read().isOutdated)
      case 1: for file in files { earlier[file] = try? Data(contentsOf: URL(fileURLWithPath: file)) }
      case 2: for (file, data) in earlier { try data.write(to: URL(fileURLWithPath: file)) }
      default: try test.reopen().storeEntryCaches(withBodies: false)
      }
      for file in files where FileManager.default.fileExists(atPath: file) { #expect(chmod(file, 0o600) == 0) }
      #expect(try read().content == expected)
    }
  }

  @Test func damagedFilesAreIgnoredAndReplaced() throws {
    try test.reopen().storeEntryCaches(withBodies: true)
    let expected = try expected()
    let contents = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    let other = try TestVault(logins: 100)
    try other.reopen().storeEntryCaches(withBodies: true)
    let foreign = try [other.directory.namesFile, other.directory.bodiesFile].map {
      try Data(contentsOf: URL(fileURLWithPath: $0))
    }
    for (index, file) in files.enumerated() {
      let intact = contents[index]
      var variants: [Data] = [
        Data(), intact.dropLast(), intact + [0], intact.prefix(50), foreign[index], contents[1 - index],
      ]
      for offset in stride(from: 0, to: intact.count, by: intact.count / 40) {
        var flipped = intact
        flipped[offset] ^= 1
        variants.append(flipped)
      }
      for (number, variant) in variants.enumerated() {
        try variant.write(to: URL(fileURLWithPath: file))
        #expect(chmod(file, 0o600) == 0)
        let (content, isOutdated) = try read()
        #expect(content == expected && isOutdated, "variant \(number) of \(file)")
      }
      #expect(!test.directory.isKnownToBeDamaged)
      try test.reopen().storeEntryCaches(withBodies: true)
      #expect(try !read().isOutdated)
    }
  }

  /// Files that others could have made, links and pipes.
  @Test func untrustedFilesAreIgnored() throws {
    try test.reopen().storeEntryCaches(withBodies: true)
    let expected = try expected()
    for file in files {
      #expect(chmod(file, 0o640) == 0)
      #expect(try read() == (expected, true))
      #expect(chmod(file, 0o600) == 0)
      #expect(try read() == (expected, false))
      #expect(rename(file, file + "-elsewhere") == 0 && symlink(file + "-elsewhere", file) == 0)
      #expect(try read() == (expected, true))
      #expect(unlink(file) == 0 && mkfifo(file, 0o600) == 0)
      #expect(try read() == (expected, true))
      #expect(rename(file + "-elsewhere", file) == 0)
      #expect(try read() == (expected, false))
    }
  }

  @Test func aRunThatEndedWhileItWroteIsNoObstacle() throws {
    for file in files { try Data("half".utf8).write(to: URL(fileURLWithPath: file + SealedFile.newSuffix)) }
    try test.reopen().storeEntryCaches(withBodies: true)
    #expect(try !read().isOutdated)
    for file in files {
      #expect(!FileManager.default.fileExists(atPath: file + SealedFile.newSuffix))
      #expect(test.directory.allFiles.contains(file + SealedFile.newSuffix))
    }
  }

  @Test func onlyChangedLoginsAreReadAgain() throws {
    let tags: [Int64: RowTag] = Dictionary(
      uniqueKeysWithValues: (0..<80).map { (Int64($0), RowTag(stored: [UInt8](repeating: UInt8($0), count: 8))) })
    func read(_ position: LoginRow.Position) throws -> LoginRecord { try TestVault.login(Int(position.id)) }
    let state = [UInt8](repeating: 1, count: SHA256.byteCount)
    let names = try EntryNameCache(state: state, knowing: nil, tags, login: read)
    let bodies = try EntryBodyCache(names, knowing: nil, login: read)
    var changed = tags
    changed[3] = nil
    changed[5] = RowTag(stored: [9, 9, 9, 9, 9, 9, 9, 9])
    changed[90] = RowTag(stored: [8, 8, 8, 8, 8, 8, 8, 8])
    var found: [[Int64]] = [[], []]
    let next = try EntryNameCache(state: state, knowing: names, changed) {
      found[0].append($0.id)
      return try read($0)
    }
    let nextBodies = try EntryBodyCache(next, knowing: bodies) {
      found[1].append($0.id)
      return try read($0)
    }
    #expect(found.map { $0.sorted() } == [[5, 90], [5, 90]])
    #expect(next.list.rows.count == 80 && nextBodies.bodies.count == 80)
    #expect(nextBodies.isComplete(for: next) && !bodies.isComplete(for: next))
  }

  /// Texts that are not those of a cache are refused, and no length in them is believed.
  @Test func changedTextsAreRefusedOrConsistent() throws {
    let names = try test.reopen().storeAndRead(test.directory.namesFile)
    let bodies = try test.reopen().storeAndRead(test.directory.bodiesFile)
    #expect(EntryNameCache(text: names)?.list.rows.count == 100)
    #expect(EntryBodyCache(text: bodies)?.bodies.count == 100)
    var random = TestSeed.generator()
    for _ in 0..<4000 {
      for (text, check) in [(names, Self.checkNames), (bodies, Self.checkBodies)] {
        var bytes = text.bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          // Most changes hit the header and the table.
          let end = Bool.random(using: &random) ? 300 : bytes.count
          bytes[Int.random(in: 0..<min(end, bytes.count), using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
          bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        }
        check(SecretBytes(copying: bytes))
      }
    }
  }

  private static func checkNames(_ text: SecretBytes) {
    guard let cache = EntryNameCache(text: text) else { return }
    for (index, entry) in cache.list.entries.enumerated() {
      #expect(entry.name.utf8.count + entry.guid.utf8.count <= 3 * text.count)
      _ = cache.position(index)
    }
  }

  private static func checkBodies(_ text: SecretBytes) {
    guard let cache = EntryBodyCache(text: text) else { return }
    #expect((0..<cache.bodies.count).reduce(0) { $0 + cache.bodies[$1].count } == cache.bodies.text.count)
  }

  @Test func offsetsBelongToBodies() {
    let bodies = EntryBodies(["a\n", "", "bcd\n", "e\n"].map { SecretBytes(utf8: $0) })
    #expect((0..<8).map { bodies.index(containing: $0) } == [0, 0, 2, 2, 2, 2, 3, 3])
    #expect(bodies.index(containing: 8) == nil && bodies.index(containing: -1) == nil)
    #expect(EntryBodies([]).index(containing: 0) == nil)
  }
}

extension Vault {
  /// Stores names and bodies and returns the text of one of their files.
  fileprivate func storeAndRead(_ file: String) throws -> SecretBytes {
    try storeEntryCaches(withBodies: true)
    return try #require(SealedFile(file).read(keys, limit: 1 << 20))
  }
}

extension RowTag {
  fileprivate init(stored bytes: [UInt8]) { self = bytes.withUnsafeBytes { RowTag(stored: $0) } }
}
