import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// Facts about processes (proc(5)).
struct ProcReader: Sendable {
  /// This process, whose entry is always readable.
  var this = Int(getpid())
  /// The effective user of this process.
  var user = geteuid()
  /// Returns the present parent of this process.
  var parent: @Sendable () -> Int = { Int(getppid()) }
  /// Returns whether a process has another real, effective or saved user than this one.
  var isForeign: @Sendable (Int) -> Bool = { lockwise_is_foreign(pid_t(truncatingIfNeeded: $0)) != 0 }
  /// Returns the content of `/proc/<id>/stat`.
  var stat: @Sendable (Int) -> [UInt8]? = { ProcessIdentity.stat(of: $0) }
  /// Returns the content of `/proc/<id>/status`.
  var status: @Sendable (Int) -> [UInt8]? = { Self.content("/proc/\($0)/status") }
  /// Returns the arguments of a process, starting with the program's name.
  var arguments: @Sendable (Int) -> [[UInt8]]? = { GitRemoteProgram.arguments(of: $0) }
  /// Returns the path of a process's program, the content of the link `/proc/<id>/exe`; `nil` if it may not be read.
  var program: @Sendable (Int) -> [UInt8]? = { Self.link("/proc/\($0)/exe") }

  /// Returns what identifies the time for which the machine has been running, `/proc/sys/kernel/random/boot_id` (random(4)).
  var boot: @Sendable () -> [UInt8] = { Self.content("/proc/sys/kernel/random/boot_id") ?? [] }

  /// Returns the effective user id in the content of `/proc/<id>/status`; `nil` for any other text.
  ///
  /// The line is `Uid:`, then the real, effective, saved and file system user. A process name in a line before it cannot
  /// contain a line feed: the kernel escapes it.
  static func effectiveUser(inStatus text: [UInt8]) -> UInt32? {
    guard let line = text.split(separator: 0x0A).first(where: { $0.starts(with: "Uid:\t".utf8) }) else { return nil }
    let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).dropFirst()
    let users = fields.compactMap { field in
      field.allSatisfy { (48...57).contains($0) } ? UInt32(String(decoding: field, as: UTF8.self)) : nil
    }
    return fields.count == 4 && users.count == 4 ? users[1] : nil
  }

  private static func content(_ path: String) -> [UInt8]? {
    let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return FileDescriptor.readAll(descriptor, limit: 65536).map { $0.withUnsafeBytes { Array($0) } }
  }

  private static func link(_ path: String) -> [UInt8]? {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 16)
    let count = readlink(path, &text, text.count)
    return count > 0 ? text[..<count].map(UInt8.init(truncatingIfNeeded:)) : nil
  }
}
