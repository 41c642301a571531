import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The other waiting processes of this user (`ClipboardHolder`), found in `/proc`.
enum ClipboardRivals {
  /// Returns whether another process waits for the same clipboard since a later copy.
  static func exists(for order: ClipboardOrder) -> Bool {
    guard let list = opendir("/proc") else { return false }
    defer { closedir(list) }
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard let id = Int(name), let other = self.order(of: id), order.isOutdated(by: other) else { continue }
      if isOwn(id) { return true }
    }
    return false
  }

  /// Returns the order of a process; `nil` if it is another program.
  private static func order(of id: Int) -> ClipboardOrder? {
    guard let line = content("/proc/\(id)/cmdline") else { return nil }
    return ClipboardOrder(
      line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
        String(decoding: $0, as: UTF8.self)
      })
  }

  /// Returns whether a process belongs to this user. The owner of its files in `/proc` does not show it: they are root's
  /// if the process must not be dumped (proc(5)).
  private static func isOwn(_ id: Int) -> Bool {
    guard let status = content("/proc/\(id)/status") else { return false }
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Uid:") }
    return line?.split(separator: "\t").dropFirst().first.flatMap { UInt32($0) } == getuid()
  }

  private static func content(_ path: String) -> [UInt8]? {
    let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return FileDescriptor.readAll(descriptor, limit: 65536).map { $0.withUnsafeBytes { Array($0) } }
  }
}
