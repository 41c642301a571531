import CSQLite

/// Another program's SQLite database, read without opening its file: nothing is locked, created or changed there.
public final class SQLiteImage {
  /// Why it cannot be read.
  public enum Failure: Error, Equatable, Sendable {
    /// It is no database, or lacks what was asked for.
    case malformed
    /// There is too little memory, or the copy cannot be opened.
    case unavailable
  }

  private let connection: SQLiteConnection

  /// Reads the content of a database file to which no journal belongs.
  ///
  /// - Throws: `Failure`.
  public init(_ content: [UInt8]) throws(Failure) {
    // The file format version 2 of a database in WAL mode needs files besides; without a log it reads as version 1
    // (sqlite.org/fileformat2.html, section 1.3.3).
    guard content.count >= 100, content.starts(with: Array("SQLite format 3\0".utf8)) else { throw .malformed }
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

  /// Opens a private copy of a database file and of its journal or write-ahead log, which are applied to the copy.
  ///
  /// - Throws: `Failure`.
  public init(privateCopy path: String) throws(Failure) {
    do {
      connection = try SQLiteConnection(path: path, mode: .readWrite)
    } catch {
      throw .unavailable
    }
    try checkCells()
  }

  /// Makes SQLite check the cells of each page that it reads.
  private func checkCells() throws(Failure) {
    do {
      try connection.run("PRAGMA cell_size_check=ON")
    } catch {
      throw .malformed
    }
  }

  /// Refuses a virtual table in the place of one that a query names: it brings code of its own. Views are switched off
  /// for every connection.
  private func checkTables(of sql: String) throws {
    let statement = try connection.prepare(
      "SELECT 1 FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%' AND instr(lower(?), lower(name)) > 0")
    try statement.bind(1, sql)
    if try statement.step() { throw Failure.malformed }
  }

  /// All rows of a query, each column as its bytes; empty for NULL.
  ///
  /// - Parameters:
  ///   - sql: a constant.
  ///   - columns: how many it has.
  /// - Throws: `Failure.malformed` if the database is damaged or of another form.
  public func rows(_ sql: String, columns: Int32) throws(Failure) -> [[[UInt8]]] {
    do {
      try checkTables(of: sql)
      let statement = try connection.prepare(sql)
      var rows: [[[UInt8]]] = []
      while try statement.step() {
        rows.append((0..<columns).map { statement.withBytes($0) { Array($0) } })
      }
      return rows
    } catch {
      throw .malformed
    }
  }
}
