import Glibc
import LockwiseCore

/// Reads the files of a profile, which Firefox may be writing. Does not create, lock or change anything.
struct ProfileFile {
  /// A limit above the size of any of these files.
  private static let limit = 64 << 20
  private static let tries = 20

  /// The profile's directory.
  let directory: String
  /// Waits between two tries.
  let pause: @Sendable () -> Void

  /// - Parameters:
  ///   - directory: the profile's directory.
  ///   - pause: waits between two tries; 100 milliseconds unless told otherwise.
  init(_ directory: String, pause: @escaping @Sendable () -> Void = { usleep(100_000) }) {
    self.directory = directory
    self.pause = pause
  }

  /// Whether there is such a file.
  func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }

  /// The content of a file that is written at once; `nil` if there is none.
  ///
  /// - Throws: `.unreadable`, `.changedFormat` if it is not a file or far too large.
  func read(_ name: String) throws(FirefoxError) -> SecretBytes? {
    let descriptor = open(path(name), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(file: name, errno: errno)
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= Self.limit else {
      throw .changedFormat(file: name)
    }
    guard let content = FileDescriptor.readAll(descriptor, limit: Self.limit) else {
      throw .unreadable(file: name, errno: EIO)
    }
    return content
  }

  /// Reads a JSON object. A truncated text is being written, and is read again.
  ///
  /// - Throws: `.unreadable`, `.changedFormat`.
  func object(_ name: String) throws(FirefoxError) -> JSONObject? {
    for remaining in (0..<Self.tries).reversed() {
      guard let text = try read(name) else { return nil }
      if let object = (try? JSONValue(parsing: text))?.object { return object }
      if remaining > 0 { pause() }
    }
    throw .changedFormat(file: name)
  }

  /// Reads several files as they were at one moment: none of them changes between the first read and the last.
  ///
  /// - Returns: the contents of those that are there.
  /// - Throws: `.busy`, `.unreadable`, `.changedFormat`.
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

  /// The properties of a file that change with each write.
  private struct State: Equatable {
    let node: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private func state(_ name: String) -> State? {
    var info = stat()
    guard stat(path(name), &info) == 0 else { return nil }
    return State(
      node: UInt(info.st_ino), size: Int(info.st_size), seconds: info.st_mtim.tv_sec, nanoseconds: info.st_mtim.tv_nsec)
  }

  private func path(_ name: String) -> String { directory + "/" + name }
}
