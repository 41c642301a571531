import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseTransfer

/// The file or pipe that an export is written to.
struct ExportTarget {
  /// The path; `nil` means standard output.
  private let path: String?
  private let replaces: Bool

  /// Checks the target. Nothing is made yet.
  ///
  /// Standard output must not be a terminal, which keeps what it shows, nor a file that others can read: the shell made
  /// it with its own mode.
  ///
  /// - Parameters:
  ///   - path: the path; `-` is standard output.
  ///   - replaces: whether an existing file is replaced.
  /// - Throws: `UserFacingError`.
  init(_ path: String, replaces: Bool) throws {
    self.path = path == "-" ? nil : path
    self.replaces = replaces
    guard let path = self.path else {
      try Self.checkOutput()
      return
    }
    do throws(ExportFile.Failure) {
      try ExportFile.check(path, replaces: replaces)
    } catch {
      throw Self.error(error, path)
    }
  }

  private static func checkOutput() throws {
    if isatty(1) == 1 {
      throw UserFacingError(
        "cannot write passwords to a terminal", hint: "write to a file: -o FILE", exitCode: .usage)
    }
    var info = stat()
    guard fstat(1, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_mode & 0o077 != 0 else { return }
    throw UserFacingError(
      "cannot write passwords to a file that others can read", hint: "write to a new file: -o FILE", exitCode: .usage)
  }

  /// Writes everything that `body` produces. A file appears only if `body` does not throw.
  ///
  /// - Throws: `UserFacingError` if it cannot be written; any error of `body`.
  func write(_ body: (_ write: (SecretBytes) throws -> Void) throws -> Void) throws {
    guard let path else { return try body(StandardOutput.write) }
    do {
      let file = try ExportFile(path, replaces: replaces)
      try body { try file.write($0) }
      try file.finish()
    } catch let failure as ExportFile.Failure {
      throw Self.error(failure, path)
    }
  }

  private static func error(_ failure: ExportFile.Failure, _ path: String) -> UserFacingError {
    switch failure {
    case .exists:
      UserFacingError(
        "cannot write \(path): it exists", hint: "replace it with --force, or choose another name", exitCode: .failure)
    case .notAFile: UserFacingError("cannot write \(path): it is not an ordinary file", exitCode: .failure)
    case .system(let number):
      UserFacingError("cannot write \(path): \(String(cString: strerror(number)))", exitCode: .failure)
    }
  }
}
