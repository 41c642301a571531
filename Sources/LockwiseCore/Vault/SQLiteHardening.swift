import CSQLite

/// What keeps a file that comes from elsewhere from running code or asking for too much (sqlite.org/security.html).
enum SQLiteHardening {
  /// The most bytes of one value: far more than the largest record that a server takes.
  private static let valueLimit: Int32 = 64 << 20

  /// A flag of a connection (sqlite3_db_config).
  enum Flag: CaseIterable {
    /// No statement may corrupt the file.
    case defensive
    /// The schema may run functions and virtual tables that do more than compute.
    case trustedSchema
    /// Views are read.
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

  /// What our statements and the tables of Firefox stay below by far. Firefox's key store has a table of some hundred
  /// columns.
  private static let limits: [(limit: Int32, value: Int32)] = [
    (SQLITE_LIMIT_LENGTH, valueLimit), (SQLITE_LIMIT_SQL_LENGTH, 65536), (SQLITE_LIMIT_COLUMN, 400),
    (SQLITE_LIMIT_EXPR_DEPTH, 100), (SQLITE_LIMIT_COMPOUND_SELECT, 4), (SQLITE_LIMIT_VDBE_OP, 25000),
    (SQLITE_LIMIT_FUNCTION_ARG, 8), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
    (SQLITE_LIMIT_VARIABLE_NUMBER, 16), (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// Sets flags and limits of a connection that has read nothing yet.
  static func apply(to handle: OpaquePointer) {
    for flag in Flag.allCases { _ = lockwise_db_config_flag(handle, flag.option, flag.setting) }
    for (limit, value) in limits { _ = sqlite3_limit(handle, limit, value) }
  }

  /// A flag as it is set now.
  static func value(of flag: Flag, _ handle: OpaquePointer) -> Int32 {
    lockwise_db_config_value(handle, flag.option)
  }
}

/// The work that one statement may do: a hundred million steps of SQLite's machine, some seconds, far more than the
/// longest one needs on the largest intact file. A damaged b-tree can lead a statement round and round.
final class WorkBudget {
  /// How many steps pass between two looks at the budget.
  private static let interval: Int32 = 100_000
  private static let whole = 1000

  private let rest = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init() { rest.initialize(to: Self.whole) }

  deinit { rest.deallocate() }

  /// Makes SQLite stop a statement that has used up the budget (sqlite3_progress_handler).
  ///
  /// - Parameter handle: a connection that is closed before this object goes away.
  func install(in handle: OpaquePointer) {
    sqlite3_progress_handler(
      handle, Self.interval,
      { context in
        guard let rest = context?.assumingMemoryBound(to: Int.self) else { return 0 }
        rest.pointee -= 1
        return rest.pointee < 0 ? 1 : 0
      }, rest)
  }

  /// Allows the next statement the whole budget.
  func renew() { rest.pointee = Self.whole }
}
