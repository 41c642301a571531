import CSQLite
import Foundation
import Testing

@testable import LockwiseCore

/// Hostile databases in place of Firefox's.
@Suite struct SQLiteImageTests {
  /// Returns a database's bytes and the path of its file.
  private func database(_ sql: String) throws -> (content: [UInt8], path: String) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("image-\(UUID().uuidString).sqlite").path
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(path, &handle) == SQLITE_OK, sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw RawVault.Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
    return (Array(try Data(contentsOf: URL(fileURLWithPath: path))), path)
  }

  private let query = "SELECT id, item1 FROM metaData"

  @Test func aTableIsRead() throws {
    let (content, path) = try database(
      """
      CREATE TABLE metaData(id, item1); INSERT INTO metaData VALUES('a', x'0102');
      CREATE TABLE notes(a); CREATE VIRTUAL TABLE search USING fts5(a); CREATE VIEW v AS SELECT * FROM notes;
      """)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for image in [try content.withUnsafeBytes { try SQLiteImage($0) }, try SQLiteImage(privateCopy: path)] {
      #expect(try image.rows(query, columns: 2) == [[Array("a".utf8), [1, 2]]])
    }
  }

  /// Views, virtual tables and generated columns.
  @Test(arguments: [
    "CREATE VIEW metaData AS SELECT 'a' AS id, 'b' AS item1",
    "CREATE VIEW metaData(id, item1) AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x, x FROM c",
    "CREATE VIRTUAL TABLE metaData USING fts5(id, item1)",
    "CREATE VIRTUAL TABLE METADATA USING rtree(id, item1, item2)",
    "CREATE TABLE metaData(id)", "CREATE TABLE other(id, item1)",
  ])
  func onlyTablesAreRead(sql: String) throws {
    let (content, path) = try database(sql)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clock = ContinuousClock()
    let time = try clock.measure {
      for image in [try content.withUnsafeBytes { try SQLiteImage($0) }, try SQLiteImage(privateCopy: path)] {
        #expect(throws: SQLiteImage.Failure.malformed) { try image.rows(query, columns: 2) }
      }
    }
    #expect(time < .seconds(5))
  }

  @Test func triggersOfAHostileFileDoNotRun() throws {
    let (_, path) = try database(
      "CREATE TABLE t(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO t VALUES(99); END")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.run("INSERT INTO t VALUES(1)")
    let count = try connection.prepare("SELECT count(*) FROM t")
    #expect(try count.step() && count.integer(0) == 1)
  }

  @Test func aFlippedByteNeverCrashes() throws {
    let (content, path) = try database(
      """
      CREATE TABLE metaData(id PRIMARY KEY, item1);
      WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 200)
      INSERT INTO metaData SELECT x, randomblob(60) FROM c;
      """)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for position in 0..<content.count where position < 200 || position % 37 == 0 {
      var changed = content
      changed[position] ^= 0xFF
      _ = try? changed.withUnsafeBytes { try SQLiteImage($0) }.rows(query, columns: 2)
    }
  }
}
