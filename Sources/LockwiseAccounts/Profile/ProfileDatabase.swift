import Glibc
import LockwiseCore

extension ProfileFile {
  /// The files that hold a database: its own, its journal and its write-ahead log.
  static func databaseFiles(_ name: String) -> [String] { [name, name + "-journal", name + "-wal"] }

  /// Reads a database. If a transaction was left unfinished, it is rolled back or completed in a private copy.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - places: directories for such a copy, in order of preference.
  ///   - body: reads from the database.
  /// - Throws: `.missingFile`, `.busy`, `.unreadable`, `.changedFormat`, `.untrusted`; the errors of `body`.
  func withDatabase<Result>(
    _ name: String, copyIn places: [String], _ body: (SQLiteImage) throws -> Result
  ) throws -> Result {
    var files = try readTogether(Self.databaseFiles(name))
    return try Self.withDatabase(name, in: &files, copyIn: places, body)
  }

  /// Reads a database from the contents of its files, which are removed from `files`.
  ///
  /// - Throws: `.missingFile`, `.unreadable`, `.changedFormat`; the errors of `body`.
  static func withDatabase<Result>(
    _ name: String, in files: inout [String: SecretBytes], copyIn places: [String],
    _ body: (SQLiteImage) throws -> Result
  ) throws -> Result {
    var own: [String: SecretBytes] = [:]
    for file in databaseFiles(name) { own[file] = files.removeValue(forKey: file) }
    guard let main = own[name] else { throw FirefoxError.missingFile(name) }
    do {
      if own.allSatisfy({ $0.key == name || $0.value.isEmpty }) {
        let image = try main.withUnsafeBytes { try SQLiteImage($0) }
        return try body(image)
      }
      guard let copy = PrivateCopy(in: places) else { throw FirefoxError.unreadable(file: name, errno: errno) }
      return try withExtendedLifetime(copy) {
        for (file, content) in own { try write(content, to: copy.path + "/" + file, for: name) }
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
