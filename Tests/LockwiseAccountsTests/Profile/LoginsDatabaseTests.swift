import CSQLite
import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The logins of `logins.db` as a real Firefox wrote it.
@Suite struct LoginsDatabaseTests {
  private static let first = "{0a57a1c5-8a0e-4c64-9d2b-5f6c7d8e9f00}"
  private static let mail = "{4e9be509-ce42-40a8-b16f-93a01b2c3d44}"
  private static let common = """
    origin, httpRealm, formActionOrigin, usernameField, passwordField, timesUsed, timeCreated, timeLastUsed, \
    timePasswordChanged, secFields
    """

  /// What Firefox put into the database: it left out the unknown members, and counts at least one use.
  private func expected() throws -> [String] {
    try FixtureLogin.records().map { record in
      var object = try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any] ?? [:]
      for name in object.keys where !LoginRecord.knownMembers.contains(name) { object[name] = nil }
      if object["timesUsed"] as? Int == 0 { object["timesUsed"] = 1 }
      return String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }.sorted()
  }

  @Test(arguments: ["", FakeProfile.password])
  func readsTheLogins(password: String) throws {
    let fake = try FakeProfile(password.isEmpty ? "database" : "database-password")
    let before = try fake.listing()
    let logins = try fake.logins()
    #expect(logins.file == "logins.db")
    #expect(logins.count == 5)
    #expect(try logins.hasPrimaryPassword == !password.isEmpty)
    #expect(try logins.read(password).logins.sorted() == expected())
    #expect(throws: FirefoxError.wrongPrimaryPassword) { try logins.read("x") }
    let key = try logins.key(primaryPassword: SecretBytes(utf8: password))
    #expect(try logins.read(logins.key(kept: key.secret)).logins.sorted() == expected())
    #expect(try fake.listing() == before)
  }

  /// Where both are, the preference tells which one Firefox uses.
  @Test func prefersTheFileUntilFirefoxMovesToTheDatabase() throws {
    let fake = try FakeProfile("database")
    try fake.write("logins.json", #"{"version":3,"logins":[]}"#)
    #expect(try fake.logins().count == 0)
    try fake.write("prefs.js", "user_pref(\"signon.storage.rust.active\", false);\n")
    #expect(try fake.logins().file == "logins.json")
    try fake.write("prefs.js", "user_pref(\"signon.storage.rust.active\", true);\n")
    #expect(try fake.logins().file == "logins.db")
    #expect(try fake.logins().count == 5)
    // Half of the profile was moved.
    fake.remove("logins.db")
    #expect(throws: FirefoxError.missingFile("logins.db")) { try fake.logins() }
  }

  /// Firefox 153 makes an empty database at each start, which is not one without logins.
  @Test func ignoresAnEmptyDatabaseThatIsNotUsed() throws {
    let fake = try FakeProfile("database")
    try fake.execute("DELETE FROM loginsL", on: "logins.db")
    #expect(throws: FirefoxError.noLogins(profile: "profile")) { try fake.logins() }
    try fake.write("prefs.js", "user_pref(\"signon.storage.rust.active\", true);\n")
    #expect(try fake.logins().count == 0)
    try fake.write("prefs.js", "")
    try fake.execute(
      """
      INSERT INTO loginsL (guid, \(Self.common))
      VALUES ('{5}', 'chrome://FirefoxAccounts', 'r', NULL, '', '', 1, 1, 1, 1, 'x')
      """, on: "logins.db")
    #expect(throws: FirefoxError.noLogins(profile: "profile")) { try fake.logins() }
  }

  /// Logins of the server, which local ones override.
  @Test func readsTheServersLogins() throws {
    let fake = try FakeProfile("database")
    // One only on the server, one overridden by a local one, one overridden by a deletion. As their unknown members,
    // the members `u` and `p` of another login.
    try fake.execute(
      """
      INSERT INTO loginsM (guid, server_modified, is_overridden, enc_unknown_fields, \(Self.common))
        SELECT guid, 1, 0, secFields, \(Self.common) FROM loginsL WHERE guid = '\(Self.first)';
      DELETE FROM loginsL WHERE guid = '\(Self.first)';
      INSERT INTO loginsM (guid, server_modified, is_overridden, enc_unknown_fields, \(Self.common))
        SELECT guid, 1, 1, secFields, 'https://old.example', httpRealm, formActionOrigin, '', '', 1, 1, 1, 1, 'x'
        FROM loginsL WHERE guid = '\(Self.mail)';
      INSERT INTO loginsM (guid, server_modified, is_overridden, \(Self.common))
        SELECT guid, 1, 1, \(Self.common) FROM loginsL WHERE origin = 'https://form.example';
      UPDATE loginsL SET is_deleted = 1, secFields = '' WHERE origin = 'https://form.example';
      """, on: "logins.db")
    let logins = try fake.logins()
    #expect(logins.count == 4)
    let (read, refused) = try logins.read()
    #expect(refused.isEmpty)
    let plain = try expected().filter { !$0.contains("https:\\/\\/form.example") }
    let extended = try plain.map { record in
      guard record.contains(Self.first) || record.contains(Self.mail) else { return record }
      var object = try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any] ?? [:]
      object["u"] = object["username"]
      object["p"] = object["password"]
      return String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }
    #expect(read.sorted() == extended.sorted())
  }

  @Test(arguments: [
    ("secFields = NULL", "its encryption is damaged, or its key is missing"),
    ("secFields = secFields || 'A'", "its encryption is damaged, or its key is missing"),
    ("secFields = replace(secFields, '..', '.AA.')", "its encryption is damaged, or its key is missing"),
    ("secFields = x'ff'", "its encryption is damaged, or its key is missing"),
    ("origin = ''", "no origin"), ("origin = x'ff'", "member hostname has the wrong type"),
    ("httpRealm = NULL, formActionOrigin = NULL", "neither a form nor a realm"),
    ("httpRealm = '', formActionOrigin = ''", "both a form and a realm"),
    ("usernameField = '.'", "member usernameField is a single dot"),
  ])
  func refusesOneLogin(change: String, reason: String) throws {
    let fake = try FakeProfile("database")
    try fake.execute("UPDATE loginsL SET \(change) WHERE guid = '\(Self.first)'", on: "logins.db")
    let (logins, refused) = try fake.logins().read()
    #expect(refused == [Self.first: reason])
    #expect(try logins.sorted() == expected().filter { !$0.contains(Self.first) })
  }

  @Test func keepsEmptyRealmsAndMissingTimes() throws {
    let fake = try FakeProfile("database")
    try fake.execute(
      "UPDATE loginsL SET httpRealm = '', formActionOrigin = NULL, timeLastUsed = NULL WHERE guid = '\(Self.first)'",
      on: "logins.db")
    let logins = try fake.logins().read().logins
    let login = try #require(logins.first { $0.contains(Self.first) })
    #expect(login.contains(#""formSubmitURL":null"#) && login.contains(#""httpRealm":"""#))
    #expect(!login.contains("timeLastUsed"))
  }

  @Test(arguments: [
    ("DROP TABLE loginsM", FirefoxError.changedFormat(file: "logins.db")),
    ("ALTER TABLE loginsL RENAME COLUMN secFields TO x", .changedFormat(file: "logins.db")),
    (
      "PRAGMA user_version = 6; ALTER TABLE loginsL RENAME COLUMN secFields TO x",
      .futureFormat(file: "logins.db", version: 6)
    ),
    ("DROP TABLE loginsL; CREATE VIEW loginsL AS SELECT * FROM loginsM", .changedFormat(file: "logins.db")),
    ("UPDATE loginsL SET secFields = ''", .otherKey(file: "logins.db")),
  ])
  func refusesDamagedDatabases(sql: String, error: FirefoxError) throws {
    let fake = try FakeProfile("database")
    try fake.execute(sql, on: "logins.db")
    #expect(throws: error) { try fake.logins().read() }
  }

  /// A later version with the same columns is read, as Firefox itself does.
  @Test func readsALaterVersionWithTheSameColumns() throws {
    let fake = try FakeProfile("database")
    try fake.execute("PRAGMA user_version = 99; ALTER TABLE loginsL ADD COLUMN more TEXT", on: "logins.db")
    #expect(try fake.logins().read().logins.sorted() == expected())
  }

  @Test func refusesFilesThatAreNoDatabases() throws {
    let fake = try FakeProfile("database")
    let content = try Data(contentsOf: URL(fileURLWithPath: fake.directory + "/logins.db"))
    for count in [0, 10, 99, 100, 4096, 40000] {
      try content.prefix(count).write(to: URL(fileURLWithPath: fake.directory + "/logins.db"))
      #expect(throws: FirefoxError.changedFormat(file: "logins.db"), "\(count)") { try fake.logins().read() }
    }
    try fake.write("logins.db", "not a database")
    #expect(throws: FirefoxError.changedFormat(file: "logins.db")) { try fake.logins() }
  }

  @Test func refusesAMissingKey() throws {
    let fake = try FakeProfile("database")
    try fake.execute("DELETE FROM nssPrivate WHERE a3 = CAST('as-logins-key' AS BLOB)")
    #expect(throws: FirefoxError.otherKey(file: "logins.db")) { try fake.logins().read() }
    fake.remove("key4.db")
    #expect(throws: FirefoxError.missingFile("key4.db")) { try fake.logins() }
  }

  /// Firefox is in a transaction, or has changes in its write-ahead log.
  @Test(arguments: ["DELETE", "WAL"])
  func readsAroundUnfinishedTransactions(mode: String) throws {
    let fake = try FakeProfile("database")
    var database: OpaquePointer?
    #expect(sqlite3_open(fake.directory + "/logins.db", &database) == SQLITE_OK)
    defer { sqlite3_close(database) }
    let begin = """
      PRAGMA journal_mode = \(mode); PRAGMA cache_size = 1; PRAGMA wal_autocheckpoint = 0; BEGIN;
      DELETE FROM loginsL WHERE guid = '\(Self.first)';
      INSERT INTO loginsSyncMeta WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        SELECT i, zeroblob(32000) FROM n;
      """
    #expect(sqlite3_exec(database, begin, nil, nil, nil) == SQLITE_OK)
    let before = try fake.listing()
    #expect(try fake.logins().read().logins.sorted() == expected())
    #expect(try fake.listing() == before)
    let version = ProfileVersion.of(fake.directory)
    #expect(sqlite3_exec(database, "COMMIT", nil, nil, nil) == SQLITE_OK)
    #expect(ProfileVersion.of(fake.directory) != version)
    #expect(try fake.logins().count == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fake.scratch) == [])
  }
}
