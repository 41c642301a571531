import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The program with which git accesses a repository over HTTP: `git-remote-https origin https://example.org/x.git`
/// (gitremote-helpers(7)). It calls the credential helpers.
public enum GitRemoteProgram {
  /// Returns the URL argument of the nearest such program among the parent processes; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - parent: the first process to examine.
  ///   - stat: returns the content of `/proc/<id>/stat`.
  ///   - arguments: returns the arguments of a process, starting with the program's name.
  public static func url(
    from parent: Int, stat: (Int) -> [UInt8]? = ProcessIdentity.stat(of:),
    arguments: (Int) -> [[UInt8]]? = arguments(of:)
  ) -> [UInt8]? {
    var id = parent
    for _ in 0..<8 where id > 1 {
      guard let arguments = arguments(id) else { return nil }
      if let program = arguments.first, isRemoteProgram(program) {
        return arguments.count == 3 ? arguments[2] : nil
      }
      guard let line = stat(id), let next = ProcessIdentity.parent(inStat: line) else { return nil }
      id = next
    }
    return nil
  }

  private static func isRemoteProgram(_ path: [UInt8]) -> Bool {
    let name = path.split(separator: UInt8(ascii: "/")).last ?? []
    return ["http", "https"].contains { name.elementsEqual("git-remote-\($0)".utf8) }
  }

  /// Returns the arguments of a process (proc(5), `/proc/pid/cmdline`); `nil` if they cannot be read or exceed 64 KiB.
  public static func arguments(of id: Int) -> [[UInt8]]? {
    let descriptor = lockwise_open("/proc/\(id)/cmdline", O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let text = FileDescriptor.readAll(descriptor, limit: 65536) else { return nil }
    return text.withUnsafeBytes { bytes in
      bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }
  }
}
