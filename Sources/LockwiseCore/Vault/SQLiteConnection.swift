import CSQLite
import Glibc

/// A connection to an SQLite file.
final class SQLiteConnection {
  /// The mode in which a file is opened.
  enum Mode {
    case readOnly
    case readWrite
  }

  private let handle: OpaquePointer
  private let budget = WorkBudget()

  /// The time to wait for another process's lock, milliseconds. Writers wait longer, because many of them may wait for
  /// the commit of a large pull.
  private static let timeout = (reading: 5000, writing: 60_000)
  /// The pause between two attempts, milliseconds. With growing pauses, as SQLite's own handler makes them, the newest
  /// process would get the lock before the one that has waited longest.
  private static let pause = 4

  init(path: String, mode: Mode) throws {
    var handle: OpaquePointer?
    let access = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    // Not SQLITE_OPEN_NOFOLLOW: it refuses symbolic links anywhere in the path, and home directories may be reached
    // through one. `VaultDirectory` has checked that the file itself is not a link.
    let code = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let handle else {
      let error = SQLiteConnection.error(code, handle: handle)
      sqlite3_close_v2(handle)
      throw error
    }
    self.handle = handle
    tries = (mode == .readOnly ? Self.timeout.reading : Self.timeout.writing) / Self.pause
    waitForOthers(true)
    SQLiteHardening.apply(to: handle)
    budget.install(in: handle)
    // Otherwise the last connection to close would remove the write-ahead log. Creating it again takes longer than a
    // look-up.
    _ = lockwise_persist_wal(handle, 1)
  }

  deinit { sqlite3_close_v2(handle) }

  /// The number of attempts to get another process's lock.
  private let tries: Int

  /// Sets whether to wait for another process's lock.
  private func waitForOthers(_ waits: Bool) {
    guard waits else {
      sqlite3_busy_handler(handle, nil, nil)
      return
    }
    sqlite3_busy_handler(
      handle,
      { limit, count in
        guard Int(count) < Int(bitPattern: limit) else { return 0 }
        usleep(UInt32(SQLiteConnection.pause) * 1000)
        return 1
      }, UnsafeMutableRawPointer(bitPattern: tries))
  }

  /// Runs statements but fails at once if another process holds a lock.
  func runWithoutWaiting(_ sql: String) throws {
    waitForOthers(false)
    defer { waitForOthers(true) }
    try run(sql)
  }

  /// Runs statements that return no rows.
  func run(_ sql: String) throws {
    budget.renew()
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw Self.error(code, handle: handle) }
  }

  /// Prepares one statement.
  func prepare(_ sql: String) throws -> SQLiteStatement {
    budget.renew()
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw Self.error(code, handle: handle) }
    return SQLiteStatement(statement, connection: self)
  }

  /// Loads the content of a database file into memory as the connection's database, read-only.
  ///
  /// - Parameter change: called with SQLite's copy before it is opened.
  func load(_ content: UnsafeRawBufferPointer, change: (UnsafeMutablePointer<UInt8>) -> Void) throws {
    guard let source = content.baseAddress,
      let copy = sqlite3_malloc64(UInt64(content.count))?.assumingMemoryBound(to: UInt8.self)
    else { throw Self.error(SQLITE_NOMEM, handle: handle) }
    UnsafeMutableRawPointer(copy).copyMemory(from: source, byteCount: content.count)
    change(copy)
    let size = Int64(content.count)
    // SQLite frees the copy even if this fails.
    let flags = UInt32(SQLITE_DESERIALIZE_READONLY | SQLITE_DESERIALIZE_FREEONCLOSE)
    let code = sqlite3_deserialize(handle, "main", copy, size, size, flags)
    guard code == SQLITE_OK else { throw Self.error(code, handle: handle) }
  }

  /// Returns the present value of a flag.
  func flag(_ flag: SQLiteHardening.Flag) -> Int32 { SQLiteHardening.value(of: flag, handle) }

  /// Gives the next statement the whole work budget.
  fileprivate func renewBudget() { budget.renew() }

  fileprivate func error(_ code: Int32) -> VaultError { Self.error(code, handle: handle) }

  private static func error(_ code: Int32, handle: OpaquePointer?) -> VaultError {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_FULL: .diskFull
    case SQLITE_READONLY, SQLITE_PERM: .readOnly
    case SQLITE_CANTOPEN:
      .system(operation: "open the vault", errno: handle.map { sqlite3_system_errno($0) } ?? 0)
    case SQLITE_IOERR:
      .system(operation: "read or write the vault", errno: handle.map { sqlite3_system_errno($0) } ?? 0)
    case SQLITE_NOMEM: .system(operation: "allocate memory for the vault", errno: 12)
    // The statements are constant, so SQLITE_ERROR means that the file lacks a table or column. SQLITE_INTERRUPT means
    // that a statement exceeded the work of any statement on an intact file.
    default: .damaged(part: "file")
    }
  }
}

/// A prepared statement.
final class SQLiteStatement {
  private let statement: OpaquePointer
  private let connection: SQLiteConnection

  fileprivate init(_ statement: OpaquePointer, connection: SQLiteConnection) {
    self.statement = statement
    self.connection = connection
  }

  deinit { sqlite3_finalize(statement) }

  /// Binds an integer to the parameter `index`, starting from 1.
  func bind(_ index: Int32, _ value: Int64) throws {
    try check(sqlite3_bind_int64(statement, index, value))
  }

  /// Binds a text to the parameter `index`, starting from 1.
  func bind(_ index: Int32, _ text: String) throws {
    try check(lockwise_bind_text_copy(statement, index, text, Int32(text.utf8.count)))
  }

  /// Binds bytes to the parameter `index`, starting from 1, and runs the statement to its end.
  func run(binding bytes: [UInt8], at index: Int32) throws {
    try bytes.withUnsafeBytes { buffer in
      try check(lockwise_bind_blob_static(statement, index, buffer.baseAddress, UInt64(buffer.count)))
      try run()
    }
  }

  /// Runs the statement to its end and resets it.
  func run() throws {
    while try step() {}
    reset()
  }

  /// Moves to the next row and returns `false` at the end.
  func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let error = connection.error(code)
      reset()
      throw error
    }
  }

  /// Resets the statement, so that it can run again.
  func reset() {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
    connection.renewBudget()
  }

  /// Returns the integer in a column of the current row.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  /// Calls `body` with the bytes in a column of the current row, which are valid only during the call.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    let bytes = sqlite3_column_blob(statement, column)
    return try body(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
  }

  /// Returns whether a column of the current row equals a text.
  func isText(_ column: Int32, _ text: StaticString) -> Bool {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT, let found = sqlite3_column_text(statement, column),
      Int(sqlite3_column_bytes(statement, column)) == text.utf8CodeUnitCount
    else { return false }
    return memcmp(found, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else { throw connection.error(code) }
  }
}
