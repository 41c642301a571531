import CLinux
import Glibc
import LockwiseCore

/// Reads the files of a profile, which Firefox may be writing. Does not create, lock or change anything, times of access
/// included.
struct ProfileFile {
  /// A limit above the size of any of these files.
  private static let limit = 256 << 20
  private static let tries = 20

  /// The profile's directory.
  let directory: String
  /// Whether files that another user can change are refused.
  let isOwnerChecked: Bool
  /// Waits between two tries.
  let pause: @Sendable () -> Void

  /// - Parameters:
  ///   - directory: the profile's directory, an absolute path if the owner is checked.
  ///   - isOwnerChecked: whether files that another user can change are refused (`TrustedPath`).
  ///   - pause: waits between two tries; 100 milliseconds unless told otherwise.
  init(
    _ directory: String, isOwnerChecked: Bool = false, pause: @escaping @Sendable () -> Void = { usleep(100_000) }
  ) {
    self.directory = directory
    self.isOwnerChecked = isOwnerChecked
    self.pause = pause
  }

  /// The last part of a path, the name of a profile's directory.
  static func lastPart(of path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }

  /// Whether there is such a file.
  func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }

  /// The content of a file that is written at once; `nil` if there is none.
  ///
  /// - Throws: `.unreadable`, `.changedFormat` if it is not a file or far too large, `.untrusted`.
  func read(_ name: String) throws(FirefoxError) -> SecretBytes? {
    guard let descriptor = try open(name) else { return nil }
    defer { close(descriptor) }
    lockwise_keep_access_time(descriptor)
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= Self.limit else {
      throw .changedFormat(file: name)
    }
    guard let content = FileDescriptor.readAll(descriptor, limit: Self.limit, capacity: Int(info.st_size) + 1) else {
      throw .unreadable(file: name, errno: EIO)
    }
    return content
  }

  private func open(_ name: String) throws(FirefoxError) -> Int32? {
    guard isOwnerChecked else {
      let descriptor = lockwise_open(path(name), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
      if descriptor < 0, errno != ENOENT { throw .unreadable(file: name, errno: errno) }
      return descriptor < 0 ? nil : descriptor
    }
    do {
      return try TrustedPath.open(path(name), followsLink: true)
    } catch {
      switch error {
      case .system(errno: ENOENT): return nil
      case .system(let number): throw .unreadable(file: name, errno: number)
      case .untrusted(let problem): throw .untrusted(path: problem.path, reason: problem.reason)
      }
    }
  }

  /// Reads a JSON object. A truncated text is being written, and is read again.
  ///
  /// - Throws: `.unreadable`, `.changedFormat`, `.untrusted`.
  func object(_ name: String) throws(FirefoxError) -> JSONObject? {
    try object(name, with: []).object
  }

  /// Reads a JSON object and other files as they were at one moment. A truncated text is being written, and is read
  /// again.
  ///
  /// - Parameters:
  ///   - name: the object's file.
  ///   - others: the names of the other files.
  ///   - backup: the name of the file's backup. Firefox moves the file there before it writes the new one (IOUtils,
  ///     `backupFile`), so a missing file with a backup is looked for again.
  /// - Returns: the object, `nil` if there is no such file, and the contents of the other files that are there.
  /// - Throws: `.missingFile` if there is only a backup; `.busy`, `.unreadable`, `.changedFormat`, `.untrusted`.
  func object(
    _ name: String, with others: [String], backup: String? = nil
  ) throws(FirefoxError) -> (object: JSONObject?, others: [String: SecretBytes]) {
    var error = FirefoxError.changedFormat(file: name)
    for remaining in (0..<Self.tries).reversed() {
      var contents = try readTogether([name] + others)
      if let text = contents.removeValue(forKey: name) {
        if let object = try? JSONObject(parsing: text) { return (object, contents) }
        error = .changedFormat(file: name)
      } else {
        guard let backup, exists(backup) else { return (nil, contents) }
        error = .missingFile(name)
      }
      if remaining > 0 { pause() }
    }
    throw error
  }

  /// Reads several files as they were at one moment: none of them changes between the first read and the last.
  ///
  /// - Returns: the contents of those that are there.
  /// - Throws: `.busy`, `.unreadable`, `.changedFormat`, `.untrusted`.
  func readTogether(_ names: [String]) throws(FirefoxError) -> [String: SecretBytes] {
    for remaining in (0..<Self.tries).reversed() {
      let before = names.map(state)
      var contents: [String: SecretBytes] = [:]
      for name in names { contents[name] = try read(name) }
      if names.map(state) == before { return contents }
      if remaining > 0 { pause() }
    }
    throw .busy(file: names[0])
  }

  private func state(_ name: String) -> FileState? { FileState(of: path(name)) }

  private func path(_ name: String) -> String { directory + "/" + name }
}
