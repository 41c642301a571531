import CSQLite
import Foundation

@testable import LockwiseCore

/// A vault file opened in SQLite without Lockwise's restrictions.
final class RawVault {
  struct Failure: Error {
    let message: String
  }

  /// A row of a table as bytes.
  struct Row: Hashable {
    let table: String
    /// The name of a document or the number of another row.
    let key: String
    let bytes: [UInt8]

    var keyColumn: String { table == "documents" ? "name" : "id" }
    var valueColumn: String { table == "header" || table == "slots" ? "body" : "sealed" }
    var keyLiteral: String { table == "documents" ? "'\(key)'" : key }
  }

  static let tables = ["header", "slots", "documents", "buckets", "logins", "aside", "outbox", "deleted"]

  private let handle: OpaquePointer

  init(_ directory: VaultDirectory) throws {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(directory.vaultFile, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      throw Failure(message: "cannot open")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 5000)
    _ = lockwise_persist_wal(handle, 1)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements.
  func run(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
  }

  /// Returns all rows of the vault's tables.
  func rows() throws -> [Row] {
    try Self.tables.flatMap { table in
      let columns = Row(table: table, key: "", bytes: [])
      return try query("SELECT CAST(\(columns.keyColumn) AS TEXT), \(columns.valueColumn) FROM \(table) ORDER BY 1")
        .map { Row(table: table, key: String(decoding: $0[0], as: UTF8.self), bytes: $0[1]) }
    }
  }

  /// Returns every column of every row of a query as bytes.
  func query(_ sql: String) throws -> [[[UInt8]]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
    defer { sqlite3_finalize(statement) }
    var rows: [[[UInt8]]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { column in
          let bytes = sqlite3_column_blob(statement, column)
          return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
        })
    }
    return rows
  }

  /// Writes a row and replaces one with its key.
  func put(_ row: Row) throws {
    try run("INSERT OR REPLACE INTO \(row.table) VALUES(\(row.keyLiteral), x'\(Hex.encode(row.bytes))')")
  }

  /// Removes a row.
  func remove(_ row: Row) throws { try run("DELETE FROM \(row.table) WHERE \(row.keyColumn)=\(row.keyLiteral)") }

  /// Changes a schema's text, bypassing SQLite's checks.
  func changeSchema(_ sql: String) throws { try run("PRAGMA writable_schema=ON; \(sql); PRAGMA writable_schema=RESET") }
}
