import Glibc
import LockwiseCore

extension ProfileFile {
  /// Reads a database. If a transaction was left unfinished, it is rolled back or completed in a private copy.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - places: directories for such a copy, in order of preference.
  ///   - body: reads from the database.
  /// - Throws: `.missingFile`, `.busy`, `.unreadable`, `.changedFormat`; the errors of `body`.
  func withDatabase<Result>(
    _ name: String, copyIn places: [String], _ body: (SQLiteImage) throws -> Result
  ) throws -> Result {
    let files = try readTogether([name, name + "-journal", name + "-wal"])
    guard let main = files[name] else { throw FirefoxError.missingFile(name) }
    let besides = files.filter { $0.key != name && !$0.value.isEmpty }
    do {
      if besides.isEmpty { return try body(SQLiteImage(main.withUnsafeBytes { Array($0) })) }
      guard let copy = PrivateCopy(in: places) else { throw FirefoxError.unreadable(file: name, errno: errno) }
      return try withExtendedLifetime(copy) {
        for (file, content) in files { try Self.write(content, to: copy.path + "/" + file, for: name) }
        return try body(SQLiteImage(privateCopy: copy.path + "/" + name))
      }
    } catch is SQLiteImage.Failure {
      throw FirefoxError.changedFormat(file: name)
    }
  }

  private static func write(_ content: SecretBytes, to path: String, for name: String) throws(FirefoxError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unreadable(file: name, errno: errno) }
    defer { close(descriptor) }
    guard content.withUnsafeBytes({ FileDescriptor.writeAll(descriptor, $0) }) else {
      throw .unreadable(file: name, errno: errno)
    }
  }
}
