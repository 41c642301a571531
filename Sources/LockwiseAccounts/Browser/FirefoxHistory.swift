import CLinux
import CSQLite
import Glibc
import LockwiseCore

/// Reads the end of a sign-in from the history of Firefox (`places.sqlite` in a profile).
///
/// A running Firefox keeps the database locked and the newest visits in its write-ahead log, so both are copied and the
/// copy is read. The profile is never changed.
public final class FirefoxHistory {
  private struct Profile {
    let directory: String
    /// The size and time of both files when they were last read.
    var seen: [Int64] = []
  }

  private static let database = "places.sqlite"
  private var profiles: [Profile]
  private let redirectURI: String
  private let since: Milliseconds
  private let scratch: String

  /// Prepares to watch.
  ///
  /// - Parameters:
  ///   - profiles: the profiles' directories.
  ///   - redirectURI: the address that the sign-in page redirects to.
  ///   - since: the oldest visit to read.
  ///   - scratch: an existing directory for copies, in memory if possible.
  public init(profiles: [String], redirectURI: String, since: Milliseconds, scratch: String) {
    self.profiles = profiles.map { Profile(directory: $0) }
    self.redirectURI = redirectURI
    self.since = since
    self.scratch = scratch
    PrivateCopy.removeLeftovers(in: scratch)
  }

  /// Reads the history once.
  ///
  /// - Parameter isOurs: whether a response belongs to this sign-in.
  /// - Returns: the response, if one of the browsers has reached the address.
  public func look(isOurs: (AuthorizationResponse) -> Bool) -> AuthorizationResponse? {
    for index in profiles.indices {
      let state = Self.state(of: profiles[index].directory)
      guard !state.isEmpty, state != profiles[index].seen else { continue }
      // A copy made while Firefox writes may mix two states. It is then dropped and made again.
      guard let visits = visits(of: profiles[index].directory),
        state == Self.state(of: profiles[index].directory)
      else { continue }
      profiles[index].seen = state
      for visit in visits {
        if let response = try? AuthorizationResponse(pasted: visit), isOurs(response) { return response }
      }
    }
    return nil
  }

  /// The visited addresses below the redirect address, newest first; `nil` if they cannot be read now.
  private func visits(of directory: String) -> [SecretBytes]? {
    guard let copy = PrivateCopy(in: [scratch]) else { return nil }
    return withExtendedLifetime(copy) {
      for suffix in ["", "-wal"] {
        let name = Self.database + suffix
        guard Self.copy("\(directory)/\(name)", to: "\(copy.path)/\(name)") || suffix == "-wal" else { return nil }
      }
      return query("\(copy.path)/\(Self.database)")
    }
  }

  private func query(_ path: String) -> [SecretBytes]? {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    // Visits are in microseconds (Firefox, nsINavHistoryService).
    let sql = """
      SELECT p.url FROM moz_historyvisits v JOIN moz_places p ON p.id = v.place_id
      WHERE v.visit_date >= ?1 AND substr(p.url, 1, length(?2)) = ?2 ORDER BY v.visit_date DESC LIMIT 20
      """
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
      return nil
    }
    _ = lockwise_db_config_flag(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    _ = lockwise_db_config_flag(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    let prefix = redirectURI + (redirectURI.contains("?") ? "&" : "?")
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK,
      sqlite3_bind_int64(statement, 1, since.rawValue * 1000) == SQLITE_OK,
      // -1 is SQLITE_TRANSIENT: the text is copied.
      sqlite3_bind_text(statement, 2, prefix, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self)) == SQLITE_OK
    else { return nil }
    var visits: [SecretBytes] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        if let text = sqlite3_column_text(statement, 0) {
          let count = Int(sqlite3_column_bytes(statement, 0))
          visits.append(SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: count)))
        }
      case SQLITE_DONE: return visits
      default: return nil
      }
    }
  }

  private static func state(of directory: String) -> [Int64] {
    var numbers: [Int64] = []
    for suffix in ["", "-wal"] {
      var info = stat()
      if stat("\(directory)/\(database)\(suffix)", &info) == 0 {
        numbers += [Int64(info.st_size), Int64(info.st_mtim.tv_sec), Int64(info.st_mtim.tv_nsec)]
      } else if suffix.isEmpty {
        return []
      }
    }
    return numbers
  }

  private static func copy(_ source: String, to target: String) -> Bool {
    let input = lockwise_open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0)
    guard input >= 0 else { return false }
    defer { close(input) }
    let output = lockwise_open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { return false }
    defer { close(output) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(input, &chunk, chunk.count)
      guard count > 0 else { return count == 0 }
      guard write(output, chunk, count) == count else { return false }
    }
  }
}

extension FirefoxHistory {
  /// A directory for short-lived copies, in memory if possible.
  public static func scratch(environment: Environment) -> String {
    let places = [environment["XDG_RUNTIME_DIR"], "/dev/shm", environment["TMPDIR"]].compactMap(\.self)
    return places.first { $0.hasPrefix("/") && access($0, W_OK | X_OK) == 0 } ?? "/tmp"
  }
}
