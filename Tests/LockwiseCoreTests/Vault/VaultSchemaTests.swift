import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// A changed schema is refused.
@Suite struct VaultSchemaTests {
  /// Every kind of object added, and every table's own text changed.
  @Test(arguments: [
    "CREATE VIEW v AS SELECT * FROM logins", "CREATE INDEX i ON logins(sealed)", "CREATE TABLE t(a)",
    "CREATE TABLE t(a PRIMARY KEY)", "CREATE TRIGGER g AFTER INSERT ON outbox BEGIN DELETE FROM logins; END",
    "CREATE TRIGGER g INSTEAD OF UPDATE ON v BEGIN SELECT 1; END", "CREATE VIRTUAL TABLE f USING fts5(a)",
    "CREATE VIRTUAL TABLE r USING rtree(a, b, c)", "DROP TABLE aside", "DROP TABLE deleted", "DROP TABLE header",
    "ALTER TABLE logins ADD COLUMN more", "ALTER TABLE logins RENAME TO others",
    "DROP TABLE logins; CREATE VIEW logins AS SELECT id, sealed FROM aside",
    "DROP TABLE documents; CREATE TABLE documents(name TEXT PRIMARY KEY, sealed BLOB NOT NULL)",
    "DROP TABLE slots; CREATE TABLE slots(id INTEGER PRIMARY KEY,  body BLOB NOT NULL)",
    "DROP TABLE outbox; CREATE TABLE outbox(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL CHECK(sealed > 0))",
    "DROP TABLE outbox; CREATE TABLE outbox(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL DEFAULT (random()))",
    "ANALYZE",
  ])
  func aSchemaObjectThatIsAddedOrChangedIsRefused(sql: String) throws {
    let test = try TestVault(logins: 2)
    let raw = try RawVault(test.directory)
    if sql.contains("ON v ") { try raw.run("CREATE VIEW v AS SELECT * FROM logins") }
    try raw.run(sql)
    for access in [VaultFile.Access.reading, .writing] {
      #expect(throws: VaultError.damaged(part: "schema")) { try VaultFile(in: test.directory, access: access) }
    }
  }

  /// Each row of the schema is changed, bypassing SQLite's own checks.
  @Test func everyColumnOfTheSchemaIsChecked() throws {
    for table in RawVault.tables {
      for change in ["type='index'", "name=name||'x'", "tbl_name='x'", "sql=sql||' '", "sql=NULL", "sql=upper(sql)"] {
        let test = try TestVault(logins: 1)
        do {
          try RawVault(test.directory).changeSchema("UPDATE sqlite_schema SET \(change) WHERE name='\(table)'")
        } catch is RawVault.Failure {
          // SQLite itself then refuses the rest of the schema.
        }
        #expect("\(table): \(change)") {
          let vault = try test.reopen()
          _ = try vault.logins(atHost: "host0.example")
        } throws: { error in
          if case VaultError.damaged = error { true } else { false }
        }
      }
    }
  }

  @Test func anIntactSchemaEqualsTheExpectedOne() throws {
    let test = try TestVault()
    let rows = try RawVault(test.directory).query("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    #expect(rows.count == VaultSchema.tables.count)
    let version = try SQLiteConnection(path: test.directory.vaultFile, mode: .readOnly).prepare("PRAGMA user_version")
    #expect(try version.step() && version.integer(0) == 3)
  }

  /// Security settings of the connection (sqlite.org/security.html).
  @Test func aConnectionTrustsNoSchemaAndSyncsFully() throws {
    let test = try TestVault(logins: 1)
    func pragma(_ connection: SQLiteConnection, _ name: String) throws -> Int64 {
      let statement = try connection.prepare("PRAGMA \(name)")
      defer { statement.reset() }
      #expect(try statement.step())
      return statement.integer(0)
    }
    for access in [VaultFile.Access.reading, .writing] {
      let connection = try VaultFile(in: test.directory, access: access).connection
      #expect(try pragma(connection, "trusted_schema") == 0)
      #expect(connection.flag(.defensive) == 1 && connection.flag(.views) == 0 && connection.flag(.triggers) == 0)
      #expect(try pragma(connection, "mmap_size") == 0)
    }
    let writing = try test.reopen(.writing).file.connection
    #expect(try pragma(writing, "synchronous") == 2 && pragma(writing, "cell_size_check") == 1)
    #expect(throws: VaultError.damaged(part: "file")) { try writing.run("UPDATE sqlite_schema SET sql=''") }
  }

  /// A query on a circular b-tree and an expensive query end.
  @Test func aQueryHasABoundOnItsWork() throws {
    let test = try TestVault()
    let connection = test.vault.file.connection
    let clock = ContinuousClock()
    var failed = false
    let time = try clock.measure {
      let statement = try connection.prepare(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c")
      do { _ = try statement.step() } catch { failed = error as? VaultError == .damaged(part: "file") }
    }
    #expect(failed && time < .seconds(60))
    #expect(try test.vault.loginCount() == 0, "the next statement must have the whole budget")
  }

  @Test func aLongValueIsRefused() throws {
    let test = try TestVault()
    #expect(throws: VaultError.damaged(part: "file")) {
      let statement = try test.vault.file.connection.prepare("SELECT zeroblob(100000000)")
      _ = try statement.step()
    }
  }
}
