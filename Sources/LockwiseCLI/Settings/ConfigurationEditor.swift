import CLinux
import Glibc
import LockwiseCore

/// Changes single lines of the configuration file and keeps all others.
public struct ConfigurationEditor {
  /// The reason why the file was not changed.
  public enum Failure: Error, Equatable, Sendable {
    /// The environment does not determine the file's path.
    case noPlace
    /// The value has a line feed or NUL, or a space at one of its ends.
    case unusableValue(name: String)
    /// The present file is refused.
    case refused(ConfigurationFile.Refusal)
    /// The system refused.
    case system(path: String, errno: Int32)
  }

  private let path: String

  /// Makes an editor for the file that the environment determines.
  ///
  /// - Throws: `Failure.noPlace` if it determines none.
  public init(_ environment: Environment) throws(Failure) {
    guard let path = ConfigurationFile.path(environment) else { throw .noPlace }
    self.path = path
  }

  /// Writes or removes one line. The file is replaced atomically.
  ///
  /// - Parameters:
  ///   - name: the setting's name in the file, such as `unlock-command`.
  ///   - value: the value; `nil` removes the line.
  /// - Throws: `Failure` if the file was not changed.
  public func set(_ name: String, to value: String?) throws(Failure) {
    let line = try value.map { value throws(Failure) in
      let line = Array("\(name) = \(value)".utf8)
      guard !line.contains(0x0A), ConfigurationFile.parse(line[...]) == .setting(name: name, value: value) else {
        throw .unusableValue(name: name)
      }
      return line
    }
    // A link remains a link, for users who keep their settings in a repository.
    let target = realpath(path, nil).map { resolved in
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let file = target ?? path
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    try Self.makeFolders(folder)
    let lock = lockwise_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard lock >= 0 else { throw .system(path: folder, errno: errno) }
    defer { close(lock) }
    _ = FileDescriptor.retrying { flock(lock, LOCK_EX) }
    let old: [UInt8]
    do throws(ConfigurationFile.Refusal) { old = try ConfigurationFile.content(path) } catch { throw .refused(error) }
    let new = Self.text(old, setting: name, to: line)
    guard new != old else { return }
    try Self.replace(file, with: new)
    fsync(lock)
  }

  /// Returns the file's new text. The line replaces the last one with its name or is appended.
  static func text(_ old: [UInt8], setting name: String, to line: [UInt8]?) -> [UInt8] {
    var lines = old.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let places = lines.indices.filter { index in
      guard case .setting(name, _) = ConfigurationFile.parse(lines[index]) else { return false }
      return true
    }
    if let line {
      if let last = places.last { lines[last] = line[...] } else { lines.append(line[...]) }
    }
    let removed = Set(line == nil ? places[...] : places.dropLast())
    return lines.indices.filter { !removed.contains($0) }.flatMap { lines[$0] + [0x0A] }
  }

  private static func replace(_ path: String, with text: [UInt8]) throws(Failure) {
    var mode: mode_t = 0o600
    var info = stat()
    if stat(path, &info) == 0 { mode = info.st_mode & 0o755 }
    do throws(AtomicFile.Failure) {
      // The folder is locked, so that no other run writes a file with this name.
      try AtomicFile(path.utf8, suffix: ".new").replace(mode: mode) { descriptor in
        text.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
      }
    } catch {
      throw .system(path: path, errno: error.errno)
    }
  }

  /// Makes the folder with access for this user only, and missing folders above it.
  private static func makeFolders(_ folder: String) throws(Failure) {
    for slash in Array(folder.utf8.indices.dropFirst()) + [folder.endIndex]
    where slash == folder.endIndex || folder.utf8[slash] == UInt8(ascii: "/") {
      let prefix = String(folder[..<slash])
      guard mkdir(prefix, 0o700) == 0 || errno == EEXIST else { throw .system(path: prefix, errno: errno) }
    }
  }
}
