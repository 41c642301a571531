import Glibc
import LockwiseCore

extension ProfileFile {
  /// Reads a database. Where a transaction was left unfinished, it is taken back or on in a private copy.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - places: directories for such a copy, the best one first.
  ///   - body: reads from the database.
  /// - Throws: `.missingFile`, `.busy`, `.unreadable`, `.changedFormat`; what `body` throws.
  func withDatabase<Result>(
    _ name: String, copyIn places: [String], _ body: (SQLiteImage) throws -> Result
  ) throws -> Result {
    let files = try readTogether([name, name + "-journal", name + "-wal"])
    guard let main = files[name] else { throw FirefoxError.missingFile(name) }
    let besides = files.filter { $0.key != name && !$0.value.isEmpty }
    do {
      if besides.isEmpty { return try body(SQLiteImage(main.withUnsafeBytes { Array($0) })) }
      let directory = try Self.makeDirectory(in: places, for: name)
      defer {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(directory + "/" + name + suffix) }
        rmdir(directory)
      }
      for (file, content) in files { try Self.write(content, to: directory + "/" + file, for: name) }
      return try body(SQLiteImage(privateCopy: directory + "/" + name))
    } catch is SQLiteImage.Failure {
      throw FirefoxError.changedFormat(file: name)
    }
  }

  /// Makes a directory for this process alone (mkdtemp(3)).
  private static func makeDirectory(in places: [String], for name: String) throws(FirefoxError) -> String {
    for place in places {
      var template = Array((place + "/lockwise-XXXXXX").utf8CString)
      if mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }
    throw .unreadable(file: name, errno: errno)
  }

  private static func write(_ content: SecretBytes, to path: String, for name: String) throws(FirefoxError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unreadable(file: name, errno: errno) }
    defer { close(descriptor) }
    var position = 0
    while position < content.count {
      let count = content[position..<content.count].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unreadable(file: name, errno: errno) }
      position += count
    }
  }
}
