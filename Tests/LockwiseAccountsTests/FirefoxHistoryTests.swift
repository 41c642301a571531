import CSQLite
import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The search for the redirect in a database like Firefox's, which another process has open and locked.
@Suite final class FirefoxHistoryTests {
  private static let code = String(repeating: "ab", count: 32)
  private static let redirect = "https://content.test/oauth/success/id"

  private let root: String
  private var handle: OpaquePointer?

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "lockwise-history-\(UUID().uuidString)").path
    for name in ["profile", "scratch"] {
      try FileManager.default.createDirectory(atPath: root + "/" + name, withIntermediateDirectories: true)
    }
    try #require(sqlite3_open(root + "/profile/places.sqlite", &handle) == SQLITE_OK)
    // Firefox opens it in this way.
    try run(
      """
      PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA locking_mode = EXCLUSIVE;
      CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR);
      CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER);
      """)
  }

  deinit {
    sqlite3_close_v2(handle)
    try? FileManager.default.removeItem(atPath: root)
  }

  private func run(_ sql: String) throws { try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK) }

  private func visit(_ url: String, at time: Milliseconds) throws {
    try run(
      """
      INSERT INTO moz_places (url) VALUES ('\(url)');
      INSERT INTO moz_historyvisits (place_id, visit_date) VALUES (last_insert_rowid(), \(time * 1000));
      """)
  }

  private func history(redirect: String = redirect) -> FirefoxHistory {
    FirefoxHistory(
      profiles: [root + "/nothing", root + "/profile"], redirectURI: redirect, since: 1_000_000,
      scratch: root + "/scratch")
  }

  private func look(_ history: FirefoxHistory) -> AuthorizationResponse? {
    history.look { $0.answers(state: "s", mayLackState: false) }
  }

  private func files() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: root + "/profile")
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: root + "/profile/" + $0))) })
  }

  @Test func findsAVisitInTheWriteAheadLog() throws {
    let history = history()
    try visit("https://content.test/", at: 1_000_001)
    #expect(look(history) == nil)
    try visit("\(Self.redirect)?code=\(Self.code)&state=s", at: 1_000_002)
    let before = try files()
    #expect(before["places.sqlite-wal"]?.isEmpty == false)
    #expect(look(history) == .code(SecretBytes(utf8: Self.code), state: SecretBytes(utf8: "s")))
    #expect(try files() == before, "the profile is not to be touched")
    #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/scratch") == [])
  }

  @Test func findsADeclinedSignIn() throws {
    try visit("\(Self.redirect)?error=access_denied&state=s", at: 1_000_002)
    #expect(look(history()) == .declined(.accessDenied, state: SecretBytes(utf8: "s")))
  }

  @Test(arguments: [
    ("https://content.test/oauth/success/id?code=CODE&state=other", 1_000_002),
    ("https://content.test/oauth/success/id?code=CODE", 1_000_002),
    ("https://content.test/oauth/success/id?code=CODE&state=s", 999_999),
    ("https://content.test/oauth/success/id2?code=CODE&state=s", 1_000_002),
    ("https://content.test/oauth/success/other?code=CODE&state=s", 1_000_002),
    ("https://evil.test/?x=https://content.test/oauth/success/id?code=CODE&state=s", 1_000_002),
    ("https://content.test/oauth/success/id", 1_000_002),
  ])
  func ignoresOtherVisits(url: String, time: Milliseconds) throws {
    try visit(url.replacing("CODE", with: Self.code), at: time)
    #expect(look(history()) == nil)
  }

  @Test func matchesTheRedirectLiterally() throws {
    try visit("https://content.test/aXb?code=\(Self.code)&state=s", at: 1_000_002)
    #expect(look(history(redirect: "https://content.test/a_b")) == nil)
    #expect(look(history(redirect: "https://content.test/%")) == nil)
    try visit("https://content.test/q?a=b&code=\(Self.code)&state=s", at: 1_000_002)
    #expect(look(history(redirect: "https://content.test/q?a=b")) != nil)
  }

  @Test func ignoresADamagedOrMissingHistory() throws {
    sqlite3_close_v2(handle)
    handle = nil
    try Data("not a database, but long enough to be taken for one".utf8)
      .write(to: URL(filePath: root + "/profile/places.sqlite"))
    #expect(look(history()) == nil)
    try FileManager.default.removeItem(atPath: root + "/profile")
    #expect(look(history()) == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/scratch") == [])
  }

  @Test func choosesAFolderForCopies() {
    let runtime = Environment(["XDG_RUNTIME_DIR": root + "/scratch"])
    #expect(FirefoxHistory.scratch(environment: runtime) == root + "/scratch")
    for other in [root + "/missing", "relative", ""] {
      #expect(
        ["/dev/shm", "/tmp"].contains(FirefoxHistory.scratch(environment: Environment(["XDG_RUNTIME_DIR": other]))))
    }
  }
}
