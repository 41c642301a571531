import Glibc
import LockwiseCore

/// Finds programs in the folders of `PATH` (environ(7)), but never in the current folder, which may be an untrusted
/// repository.
///
/// Lockwise finds every program that it starts in this way. Empty and relative entries of `PATH` are ignored, because
/// they refer to the current folder. If no entry remains, `standardPath` applies.
public struct ProgramSearch {
  /// The folders to search if `PATH` names none.
  static let standardPath = "/usr/local/bin:/usr/bin:/bin"

  private let directories: [Substring]

  /// Makes a search of the folders in `PATH`.
  public init(_ environment: Environment) {
    let named = Self.absolute(environment["PATH"] ?? "")
    directories = named.isEmpty ? Self.absolute(Self.standardPath) : named
  }

  /// The folders as the value of `PATH` for programs that are started.
  public var path: String { directories.joined(separator: ":") }

  /// Returns the absolute path of a program.
  ///
  /// - Parameter program: the name or absolute path.
  /// - Returns: `nil` if there is no such regular executable file or the path is relative.
  public func find(_ program: String) -> String? {
    guard !program.isEmpty else { return nil }
    if program.utf8.contains(UInt8(ascii: "/")) {
      return program.utf8.first == UInt8(ascii: "/") && Self.isExecutable(program) ? program : nil
    }
    return directories.lazy.map { $0 + "/" + program }.first(where: Self.isExecutable)
  }

  /// Returns whether a path refers to a regular file that this user may execute.
  public static func isExecutable(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  private static func absolute(_ path: String) -> [Substring] {
    path.split(separator: ":").filter { $0.utf8.first == UInt8(ascii: "/") }
  }
}
