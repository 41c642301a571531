import Glibc

/// The properties of a file that change with each write.
struct FileState: Equatable, Sendable {
  private let node: UInt64
  private let size: Int64
  private let seconds: Int64
  private let nanoseconds: Int64

  /// Reads the state of a file (stat(2)); `nil` if there is none.
  init?(of path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    node = UInt64(info.st_ino)
    size = Int64(info.st_size)
    seconds = Int64(info.st_mtim.tv_sec)
    nanoseconds = Int64(info.st_mtim.tv_nsec)
  }

  /// Reads what `text` writes; `nil` if it is something else.
  init?(text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 4, let node = UInt64(parts[0]), let size = Int64(parts[1]), let seconds = Int64(parts[2]),
      let nanoseconds = Int64(parts[3])
    else { return nil }
    self.node = node
    self.size = size
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The state as four numbers separated by colons.
  var text: String { "\(node):\(size):\(seconds):\(nanoseconds)" }
}
