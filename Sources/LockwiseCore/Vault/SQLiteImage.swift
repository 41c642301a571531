import CSQLite

/// A private copy of another program's SQLite database. The original file is not opened by SQLite, so nothing is
/// locked, created or changed there.
public final class SQLiteImage {
  /// The reason why it cannot be read.
  public enum Failure: Error, Equatable, Sendable {
    /// It is not a database or lacks a table or column.
    case malformed
    /// There is not enough memory, or the copy cannot be opened.
    case unavailable
  }

  private let connection: SQLiteConnection

  /// Makes an image from the content of a database file without a journal.
  ///
  /// - Throws: `Failure` if it cannot be read.
  public init(_ content: UnsafeRawBufferPointer) throws(Failure) {
    // Version 2 of the file format, WAL mode, needs other files. Without a log it can be read as version 1
    // (sqlite.org/fileformat2.html, section 1.3.3).
    guard content.count >= 100, content.starts(with: "SQLite format 3\0".utf8) else { throw .malformed }
    do {
      connection = try SQLiteConnection(path: ":memory:", mode: .readWrite)
      try connection.load(content) { image in
        for offset in [18, 19] where image[offset] == 2 { image[offset] = 1 }
      }
    } catch {
      throw .unavailable
    }
    try checkCells()
  }

  /// Opens a private copy of a database file with its journal or write-ahead log, which SQLite applies to the copy.
  ///
  /// - Throws: `Failure` if it cannot be read.
  public init(privateCopy path: String) throws(Failure) {
    do {
      connection = try SQLiteConnection(path: path, mode: .readWrite)
    } catch {
      throw .unavailable
    }
    try checkCells()
  }

  /// Makes SQLite check the cells of each page it reads.
  private func checkCells() throws(Failure) {
    do {
      try connection.run("PRAGMA cell_size_check=ON")
    } catch {
      throw .malformed
    }
  }

  /// Refuses a query if a table in it is a virtual table, which would run other code. Views are disabled for every
  /// connection.
  private func checkTables(of sql: String) throws {
    let statement = try connection.prepare(
      "SELECT 1 FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%' AND instr(lower(?), lower(name)) > 0")
    try statement.bind(1, sql)
    if try statement.step() { throw Failure.malformed }
  }

  /// Returns all rows of a query. Each column is its bytes, or empty for NULL.
  ///
  /// - Parameters:
  ///   - sql: a constant query.
  ///   - columns: the number of its columns.
  /// - Throws: `Failure.malformed` if the database is damaged or has another schema.
  public func rows(_ sql: String, columns: Int32) throws(Failure) -> [[[UInt8]]] {
    var rows: [[[UInt8]]] = []
    do {
      try forEachRow(sql, columns: columns) {
        rows.append($0)
        return true
      }
    } catch {
      throw .malformed
    }
    return rows
  }

  /// Calls `body` with each row of a query, one at a time. Each column is its bytes, or empty for NULL.
  ///
  /// - Parameters:
  ///   - sql: a constant query.
  ///   - columns: the number of its columns.
  ///   - body: returns whether to go on.
  /// - Throws: `Failure.malformed` if the database is damaged or has another schema; the errors of `body`.
  package func forEachRow(_ sql: String, columns: Int32, _ body: ([[UInt8]]) throws -> Bool) throws {
    let statement: SQLiteStatement
    do {
      try checkTables(of: sql)
      statement = try connection.prepare(sql)
    } catch {
      throw Failure.malformed
    }
    while true {
      do {
        guard try statement.step() else { return }
      } catch {
        throw Failure.malformed
      }
      guard try body((0..<columns).map { statement.withBytes($0) { Array($0) } }) else { return }
    }
  }
}
