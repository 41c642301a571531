import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The merge of bodies that two clients changed, in whole records.
@Suite struct LockwiseMergeTests {
  private static let guid = "{11111111-2222-4333-8444-555555555555}"

  /// A vault's version of a login, with the base of its change.
  private struct Device {
    var login: LoginRecord
    var base: LoginRecord
    var changed: Milliseconds

    /// Merges with the server's version, which was written at a time, as a pull does. Returns whether an upload follows.
    mutating func pull(_ upstream: LoginRecord, writtenAt time: Milliseconds) -> Bool {
      let entry = OutboxEntry(guid: guid, base: base.json, changed: changed)
      defer { base = upstream }
      switch Reconciliation(entry: entry, local: login).outcome(for: .login(upstream), writtenAt: time) {
      case .acceptUpstream:
        login = upstream
        return false
      case .keepLocal: return true
      case .merged(let merged):
        login = merged
        return true
      }
    }
  }

  private func login(_ text: String = "p\nlogin: u\nurl: https://a.example\nnote\n") throws -> LoginRecord {
    try EntryBodyTests.firefox().with(body: text)
  }

  /// The bodies after two clients changed the login and synced: `a` first, then `b`, then `a` again.
  private func settled(
    _ base: LoginRecord, _ a: (LoginRecord) throws -> LoginRecord, _ b: (LoginRecord) throws -> LoginRecord,
    isBNewer: Bool = true
  ) throws -> (LoginRecord, LoginRecord) {
    var (first, second) = (
      Device(login: try a(base), base: base, changed: 1000),
      Device(login: try b(base), base: base, changed: isBNewer ? 2000 : 500)
    )
    let uploaded = first.login
    first.base = uploaded
    guard second.pull(uploaded, writtenAt: 1000) else { return (first.login, second.login) }
    // Without a change of its own, the first client accepts what it downloads.
    first.login = second.login
    return (first.login, second.login)
  }

  private func text(_ login: LoginRecord) -> String? { EntryBody(of: login).text.exposedText() }

  @Test(arguments: [true, false])
  func bothNotesAreKept(isBNewer: Bool) throws {
    let (a, b) = try settled(
      login(), { try $0.with(body: "p\nlogin: u\nurl: https://a.example\nnote\nfrom a\n") },
      { try $0.with(body: "p\nfirst\nlogin: u\nurl: https://a.example\nnote\n") }, isBNewer: isBNewer)
    #expect(
      text(a)
        == (isBNewer
          ? "p\nfirst\nlogin: u\nurl: https://a.example\nnote\nfrom a\n"
          : "p\nlogin: u\nurl: https://a.example\nnote\nfrom a\nfirst\n"))
    #expect(a.json == b.json)
  }

  /// One client writes a note, the other one edits the user name in the text.
  @Test(arguments: [true, false])
  func anEditedUserNameIsNotDoubled(isBNewer: Bool) throws {
    let (a, _) = try settled(
      login(), { try $0.with(body: "p\nlogin: bob\nurl: https://a.example\nnote\n") },
      { try $0.with(body: "p\nlogin: u\nurl: https://a.example\nnote\nfrom b\n") }, isBNewer: isBNewer)
    #expect(a.username == "bob")
    #expect(text(a) == "p\nlogin: bob\nurl: https://a.example\nnote\nfrom b\n")
  }

  /// Firefox changes the user name and the password, and rewrites the strings with other escapes.
  @Test func aChangeOfFirefoxIsNotAChangeOfTheNotes() throws {
    let base = try login("p\nlogin: u\nnote \u{8}\u{C}\u{1F}/\n")
    let (a, _) = try settled(
      base,
      { login in
        var changes = LoginChanges()
        changes.username = "bob"
        changes.password = SecretBytes(utf8: "q")
        let escaped = try login.changed(by: changes, now: 900).json.exposedText()?
          .replacing("\\u0008", with: "\\b").replacing("\\u000c", with: "\\f")
        return try LoginRecord(json: SecretBytes(utf8: escaped ?? ""), bsoID: login.guid)
      }, { try $0.with(body: "p\nlogin: u\n") })
    #expect(text(a) == "q\nlogin: bob\n")
  }

  @Test(arguments: [true, false])
  func theHigherCounterWinsInNotesAndInLine1(isBNewer: Bool) throws {
    func uri(_ counter: Int) -> String { "otpauth://hotp/x?secret=AA&counter=\(counter)" }
    for (mine, theirs) in [(6, 7), (7, 6), (7, 7), (10, 9)] {
      let notes = try settled(
        login("p\n\(uri(5))\n"), { try $0.with(body: "p\n\(uri(mine))\n") },
        { try $0.with(body: "p\n\(uri(theirs))\nnote\n") }, isBNewer: isBNewer)
      #expect(text(notes.0) == "p\n\(uri(max(mine, theirs)))\nnote\n")
      let line = try settled(
        login("\(uri(5))\nnote\n"), { try $0.with(body: "\(uri(mine))\nnote\n") },
        { try $0.with(body: "\(uri(theirs))\nnote\n") }, isBNewer: isBNewer)
      #expect(text(line.0) == "\(uri(max(mine, theirs)))\nnote\n")
      #expect(line.0.formerPasswords.map { $0.password.exposedText() } == ["p"])
    }
    // A lower counter that only one client set stays.
    let reset = try settled(login("p\n\(uri(5))\n"), { $0 }, { try $0.with(body: "p\n\(uri(1))\n") })
    #expect(text(reset.1) == "p\n\(uri(1))\n")
  }

  @Test(arguments: [true, false])
  func anEmptyPasswordAndARealOne(isBNewer: Bool) throws {
    let (a, b) = try settled(
      login("old\nnote\n"), { try $0.with(body: "\nnote\n", now: 1000) },
      { try $0.with(body: "real\nnote\n", now: 2000) }, isBNewer: isBNewer)
    #expect(text(a) == (isBNewer ? "real\nnote\n" : "\nnote\n") && text(b) == text(a))
    let history = a.formerPasswords.map { $0.password.exposedText() }
    #expect(history.filter { $0 != "p" } == (isBNewer ? ["old"] : ["real", "old"]))
  }

  /// The server's storage was recreated, so its version may be older than the base.
  @Test func anOlderServerTakesNoLinesAway() throws {
    let old = try login("p\nnote\n")
    let base = try old.with(body: "p\nnote\nadded\n")
    let ours = try base.with(body: "p\nnote\nadded\nours\n")
    let entry = OutboxEntry(guid: Self.guid, base: base.json, changed: 5)
    let outcome = Reconciliation(entry: entry, local: ours, isServerNew: true).outcome(for: .login(old), writtenAt: 9)
    guard case .merged(let merged) = outcome else {
      Issue.record("not merged")
      return
    }
    #expect(text(merged)?.contains("added\n") == true && text(merged)?.contains("ours\n") == true)
  }

  // MARK: Properties

  /// Two vaults merge each other's results for three rounds of random edits, whoever syncs first and whatever their
  /// clocks say. Their texts are equal after each round, and no line that a vault added is lost.
  @Test func twoVaultsAgreeAfterEachRound() throws {
    var random = TestSeed.generator()
    for _ in 0..<400 {
      let base = try login()
      var devices = [base, base].map { Device(login: $0, base: $0, changed: 0) }
      for _ in 0..<3 {
        var added: [String] = []
        for index in devices.indices {
          let lines = Self.edited(text(devices[index].login) ?? "", &random, added: &added)
          devices[index].login = try devices[index].login.with(
            body: lines, now: Milliseconds(Int64.random(in: 1...99, using: &random)))
          devices[index].changed = Milliseconds(Int64.random(in: 1...99, using: &random))
        }
        let order = Bool.random(using: &random) ? [0, 1, 0, 1] : [1, 0, 1, 0]
        var server = devices[0].base
        for index in order
        where devices[index].pull(server, writtenAt: Milliseconds(Int64.random(in: 1...99, using: &random))) {
          server = devices[index].login
          devices[index].base = server
        }
        #expect(devices[0].login.json == devices[1].login.json)
        let result = try #require(text(devices[0].login))
        #expect(devices.allSatisfy { text($0.login) == result })
        let lines = result.split(separator: "\n").map(String.init)
        for line in added { #expect(lines.contains(line), "\(line) is lost") }
        #expect(Set(lines.filter { $0.hasPrefix("n") }).count == lines.filter { $0.hasPrefix("n") }.count, "doubled")
        #expect(lines.filter { $0.hasPrefix("otpauth") }.count <= 1, "a doubled code")
      }
    }
  }

  /// Returns a text after a random edit of its notes.
  private static func edited(
    _ text: String, _ random: inout SeededGenerator, added: inout [String]
  ) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: break
    case 1:
      let counted = lines.firstIndex { $0.hasPrefix("otpauth") }
      let counter = counted.flatMap { Int(lines[$0].split(separator: "=").last ?? "") } ?? 0
      let uri = "otpauth://hotp/x?secret=A&counter=\(counter + Int.random(in: 1...3, using: &random))"
      if let counted { lines[counted] = uri } else { lines.append(uri) }
    case 2 where lines.count > 2: lines.remove(at: Int.random(in: 1..<lines.count, using: &random))
    default:
      let line = "n\(UInt32.random(in: 0...UInt32.max, using: &random))"
      added.append(line)
      lines.insert(line, at: Int.random(in: 1...lines.count, using: &random))
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
