import CSQLite
import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

@Suite struct FirefoxKeysTests {
  @Test(arguments: ["3des", "aes", "updated"])
  func readsTheKeyWithoutAPrimaryPassword(fixture: String) throws {
    let fake = try FakeProfile(fixture)
    let before = try fake.listing()
    #expect(FirefoxKeys.needsPrimaryPassword(fake.profile, copyIn: [fake.scratch]) == false)
    #expect(try fake.syncKey() == FakeProfile.key)
    #expect(throws: FirefoxError.wrongPrimaryPassword) { try fake.syncKey("x") }
    #expect(try fake.listing() == before)
  }

  @Test(arguments: ["3des-password", "aes-password", "updated-password"])
  func readsTheKeyWithAPrimaryPassword(fixture: String) throws {
    let fake = try FakeProfile(fixture)
    #expect(FirefoxKeys.needsPrimaryPassword(fake.profile, copyIn: [fake.scratch]) == true)
    #expect(try fake.syncKey(FakeProfile.password) == FakeProfile.key)
    for wrong in ["", "r", FakeProfile.password + "x", FakeProfile.password.uppercased()] {
      #expect(throws: FirefoxError.wrongPrimaryPassword) { try fake.syncKey(wrong) }
    }
  }

  @Test(arguments: ["3des", "aes", "updated"], ["encryptedUsername", "encryptedPassword"])
  func refusesTamperedLogins(fixture: String, member: String) throws {
    let fake = try FakeProfile(fixture)
    let text = try String(contentsOfFile: fake.directory + "/logins.json", encoding: .utf8)
    let own = try #require(text.range(of: "chrome://FirefoxAccounts"))
    let start = try #require(text.range(of: "\"\(member)\": \"", range: own.upperBound..<text.endIndex)).upperBound
    let end = try #require(text.range(of: "\"", range: start..<text.endIndex)).lowerBound
    let der = try #require(Base64.standard.decode(String(text[start..<end])))
    // The header, the last block of the text, and the length.
    for position in [0, 1, 4, 24, der.count - 1] {
      var changed = der
      changed[position] ^= 0x41
      try fake.write("logins.json", text.replacingCharacters(in: start..<end, with: Base64.standard.encode(changed)))
      #expect(throws: FirefoxError.self, "byte \(position)") { try fake.syncKey() }
    }
    try fake.write("logins.json", text.replacingCharacters(in: start..<end, with: "no base 64"))
    #expect(throws: FirefoxError.changedFormat(file: "logins.json")) { try fake.syncKey() }
  }

  @Test(arguments: [
    ("UPDATE metaData SET item2 = x'3000' WHERE id = 'password'", FirefoxError.changedFormat(file: "key4.db")),
    ("UPDATE metaData SET item1 = x'00' WHERE id = 'password'", .wrongPrimaryPassword),
    ("DELETE FROM metaData WHERE id = 'password'", .noSyncKey),
    ("DELETE FROM nssPrivate", .changedFormat(file: "key4.db")),
    ("UPDATE nssPrivate SET a11 = x'00'", .changedFormat(file: "key4.db")),
    ("UPDATE nssPrivate SET a102 = x'00'", .changedFormat(file: "key4.db")),
    ("UPDATE nssPrivate SET id = id + 1", nil),
    ("DROP TABLE nssPrivate", .changedFormat(file: "key4.db")),
    ("DROP TABLE metaData", .changedFormat(file: "key4.db")),
    // The signature of the key is missing or invalid.
    ("UPDATE metaData SET item1 = x'3000' WHERE id LIKE 'sig_key_%'", .changedFormat(file: "key4.db")),
    (
      "UPDATE metaData SET item1 = substr(item1, 1, length(item1) - 1) || x'00' WHERE id LIKE 'sig_key_%'",
      .changedFormat(file: "key4.db")
    ),
  ])
  func refusesAChangedDatabase(sql: String, error: FirefoxError?) throws {
    let fake = try FakeProfile("aes")
    try fake.execute(sql)
    if let error {
      #expect(throws: error) { try fake.syncKey() }
    } else {
      #expect(try fake.syncKey() == FakeProfile.key)
    }
  }

  @Test func reportsMissingAndOldFiles() throws {
    let fake = try FakeProfile("aes")
    let key4 = fake.directory + "/key4.db"
    try Data("not a database".utf8).write(to: URL(fileURLWithPath: key4))
    #expect(throws: FirefoxError.changedFormat(file: "key4.db")) { try fake.syncKey() }
    unlink(key4)
    #expect(throws: FirefoxError.missingFile("key4.db")) { try fake.syncKey() }
    try fake.write("key3.db", "")
    #expect(throws: FirefoxError.oldFormat) { try fake.syncKey() }
    #expect(FirefoxKeys.needsPrimaryPassword(fake.profile, copyIn: [fake.scratch]) == nil)
    unlink(fake.directory + "/logins.json")
    #expect(throws: FirefoxError.noSyncKey) { try fake.syncKey() }
  }

  @Test func ignoresTheKeyOfAnotherAccount() throws {
    let fake = try FakeProfile("aes")
    try fake.write(
      "signedInUser.json",
      #"{"version":1,"accountData":{"email":"x@example.org","uid":"\#(String(repeating: "a", count: 32))"}}"#)
    #expect(throws: FirefoxError.noSyncKey) { try fake.syncKey() }
  }

  /// Another process is in a transaction, or ended in one, so the file alone is not the current database.
  @Test(arguments: ["DELETE", "WAL"])
  func readsAroundUnfinishedTransactions(mode: String) throws {
    let fake = try FakeProfile("aes")
    let path = fake.directory + "/key4.db"
    var database: OpaquePointer?
    #expect(sqlite3_open(path, &database) == SQLITE_OK)
    defer { sqlite3_close(database) }
    // With such a small cache, pages of a transaction reach the file before its end.
    let begin = """
      PRAGMA journal_mode = \(mode); PRAGMA cache_size = 1; PRAGMA wal_autocheckpoint = 0; BEGIN;
      UPDATE metaData SET item1 = x'00'; CREATE TABLE filler (a);
      INSERT INTO filler WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT zeroblob(32000) FROM n;
      """
    #expect(sqlite3_exec(database, begin, nil, nil, nil) == SQLITE_OK)
    let before = try fake.listing()
    #expect(before.contains { $0.hasPrefix(mode == "WAL" ? "key4.db-wal" : "key4.db-journal") })
    #expect(try fake.syncKey() == FakeProfile.key)
    #expect(try fake.listing() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fake.scratch) == [])

    #expect(sqlite3_exec(database, "COMMIT", nil, nil, nil) == SQLITE_OK)
    #expect(throws: FirefoxError.wrongPrimaryPassword) { try fake.syncKey() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: fake.scratch) == [])
  }

  @Test(arguments: [
    ("{}", FirefoxError.changedFormat(file: "logins.json")), (#"{"version":2}"#, .changedFormat(file: "logins.json")),
    (#"{"version":1}"#, .noSyncKey), (#"{"version":1,"accountData":{"scopedKeys":{}}}"#, .noSyncKey),
    (#"{"version":1,"accountData":{"scopedKeys":{"x":{}}}}"#, .noSyncKey),
  ])
  func refusesSecretsWithoutAKey(text: String, error: FirefoxError) {
    #expect(throws: error) { try FirefoxKeys.syncKey(in: SecretBytes(utf8: text)) }
  }

  @Test(arguments: [
    (#""kty":"oct""#, #""kty":"EC""#), (#""kid":"1512345678901-"#, #""kid":"0-"#),
    (#""scope":"https://identity.mozilla.com/apps/oldsync""#, #""scope":"x""#), ("\"k\":\"AAEC", "\"k\":\"AA"),
    ("AAECAwQFBgcICQoLDA0ODw\"", "AAECAwQFBgcICQoLDA0OD\""),
  ])
  func refusesInvalidKeys(part: String, replacement: String) throws {
    let jwk = FakeProfile.key.jwk.exposedText() ?? ""
    func text(_ key: String) -> SecretBytes {
      SecretBytes(utf8: #"{"version":1,"accountData":{"scopedKeys":{"\#(ScopedKey.oldSyncScope)":\#(key)}}}"#)
    }
    #expect(try FirefoxKeys.syncKey(in: text(jwk)) == FakeProfile.key)
    let changed = jwk.replacingOccurrences(of: part, with: replacement)
    #expect(changed != jwk)
    #expect(throws: FirefoxError.changedFormat(file: "logins.json")) { try FirefoxKeys.syncKey(in: text(changed)) }
  }
}
