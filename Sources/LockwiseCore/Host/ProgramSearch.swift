import Glibc

/// Finds programs as the shell does (environ(7), `PATH`).
public struct ProgramSearch {
  private let directories: [Substring]

  /// Searches the directories of `PATH`; relative ones are passed over.
  public init(_ environment: Environment) {
    directories = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").filter { $0.hasPrefix("/") }
  }

  /// The path of a program; one whose name holds a slash is taken as it is. `nil` if there is none.
  public func find(_ program: String) -> String? {
    if program.utf8.contains(UInt8(ascii: "/")) { return Self.isExecutable(program) ? program : nil }
    return directories.lazy.map { $0 + "/" + program }.first(where: Self.isExecutable)
  }

  /// Whether there is a file that may be run.
  public static func isExecutable(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
