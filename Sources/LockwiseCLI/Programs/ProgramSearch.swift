import Glibc
import LockwiseCore

/// Finds programs along `PATH` (environ(7)), and never in the current folder, which may be a stranger's repository.
///
/// Every program that the suite starts is found here. Empty and relative entries of `PATH` do not count: the system
/// would look for them in the current folder. If no entry is left, `standardPath` applies.
public struct ProgramSearch {
  /// Where programs are looked for if `PATH` names no folder.
  public static let standardPath = "/usr/local/bin:/usr/bin:/bin"

  private let directories: [Substring]

  /// Searches the folders that `PATH` names.
  public init(_ environment: Environment) {
    let named = Self.absolute(environment["PATH"] ?? "")
    directories = named.isEmpty ? Self.absolute(Self.standardPath) : named
  }

  /// The folders as a value of `PATH` for a program that is started, which may run in another folder later.
  public var path: String { directories.joined(separator: ":") }

  /// Returns the absolute path of a program.
  ///
  /// - Parameter program: a name, or an absolute path.
  /// - Returns: `nil` if there is no such regular executable file, or the path is relative.
  public func find(_ program: String) -> String? {
    guard !program.isEmpty else { return nil }
    if program.utf8.contains(UInt8(ascii: "/")) {
      return program.utf8.first == UInt8(ascii: "/") && Self.isExecutable(program) ? program : nil
    }
    return directories.lazy.map { $0 + "/" + program }.first(where: Self.isExecutable)
  }

  /// Whether a path leads to a regular file that this user may run.
  public static func isExecutable(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  private static func absolute(_ path: String) -> [Substring] {
    path.split(separator: ":").filter { $0.utf8.first == UInt8(ascii: "/") }
  }
}
