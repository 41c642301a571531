import CSQLite

/// Settings that keep an untrusted file from running code or using excessive resources (sqlite.org/security.html).
enum SQLiteHardening {
  /// The maximum length of a value in bytes, far above the largest record that servers accept.
  private static let valueLimit: Int32 = 64 << 20

  /// A flag of a connection (`sqlite3_db_config`).
  enum Flag: CaseIterable {
    /// Statements cannot corrupt the file.
    case defensive
    /// The schema may use functions and virtual tables with side effects.
    case trustedSchema
    /// Views can be read.
    case views
    /// Triggers run.
    case triggers

    fileprivate var option: Int32 {
      switch self {
      case .defensive: SQLITE_DBCONFIG_DEFENSIVE
      case .trustedSchema: SQLITE_DBCONFIG_TRUSTED_SCHEMA
      case .views: SQLITE_DBCONFIG_ENABLE_VIEW
      case .triggers: SQLITE_DBCONFIG_ENABLE_TRIGGER
      }
    }

    fileprivate var setting: Int32 { self == .defensive ? 1 : 0 }
  }

  /// Limits far above the needs of our statements and of Firefox's tables. Firefox's key store has a table of about a
  /// hundred columns.
  private static let limits: [(limit: Int32, value: Int32)] = [
    (SQLITE_LIMIT_LENGTH, valueLimit), (SQLITE_LIMIT_SQL_LENGTH, 65536), (SQLITE_LIMIT_COLUMN, 400),
    (SQLITE_LIMIT_EXPR_DEPTH, 100), (SQLITE_LIMIT_COMPOUND_SELECT, 4), (SQLITE_LIMIT_VDBE_OP, 25000),
    (SQLITE_LIMIT_FUNCTION_ARG, 8), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
    (SQLITE_LIMIT_VARIABLE_NUMBER, 16), (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// Sets the flags and limits of a connection before its first statement.
  static func apply(to handle: OpaquePointer) {
    for flag in Flag.allCases { _ = lockwise_db_config_flag(handle, flag.option, flag.setting) }
    for (limit, value) in limits { _ = sqlite3_limit(handle, limit, value) }
  }

  /// Returns the present value of a flag.
  static func value(of flag: Flag, _ handle: OpaquePointer) -> Int32 {
    lockwise_db_config_value(handle, flag.option)
  }
}

/// The work that a statement may do: a hundred million steps of SQLite's virtual machine, a few seconds. That is far
/// more than any statement needs on an intact file. A damaged b-tree can make a statement run endlessly.
final class WorkBudget {
  /// The number of steps between two checks of the budget.
  private static let interval: Int32 = 100_000
  private static let whole = 1000

  private let rest = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init() { rest.initialize(to: Self.whole) }

  deinit { rest.deallocate() }

  /// Makes SQLite stop a statement that exceeds the budget (`sqlite3_progress_handler`).
  ///
  /// - Parameter handle: a connection that is closed before this object is released.
  func install(in handle: OpaquePointer) {
    sqlite3_progress_handler(
      handle, Self.interval,
      { context in
        guard let rest = context?.assumingMemoryBound(to: Int.self) else { return 0 }
        rest.pointee -= 1
        return rest.pointee < 0 ? 1 : 0
      }, rest)
  }

  /// Gives the next statement the whole budget.
  func renew() { rest.pointee = Self.whole }
}
