import CLinux
import Glibc
import LockwiseCore

/// The received pages of a download in a file without a name: while waiting for a slow server, nothing stays in memory,
/// and other programs can write to the vault.
///
/// The file holds the server's encrypted records. It is deleted when the last descriptor is closed, also if the process
/// is killed.
final class StagedPages {
  private struct Entry {
    let range: Range<Int>
    let page: UnreadPage
  }

  private let descriptor: Int32
  private var entries: [Entry] = []
  private var size = 0

  /// Creates the file.
  ///
  /// - Parameter directory: the directory of the file; `nil` for memory.
  /// - Throws: `VaultError`.
  init(in directory: String?) throws {
    descriptor = directory.map { Self.unnamedFile(in: $0) } ?? lockwise_open_in_memory()
    guard descriptor >= 0 else { throw Self.error("keep a download") }
  }

  deinit { close(descriptor) }

  private static func unnamedFile(in directory: String) -> Int32 {
    let unnamed = lockwise_open_unnamed(directory)
    // Not every file system supports such files (open(2), O_TMPFILE).
    guard unnamed < 0, [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) else { return unnamed }
    let path = directory + "/download"
    unlink(path)
    let named = lockwise_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    unlink(path)
    return named
  }

  private static func error(_ operation: String) -> VaultError {
    errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? .diskFull : .system(operation: operation, errno: errno)
  }

  /// Adds a page.
  ///
  /// - Throws: `VaultError`.
  func append(_ page: UnreadPage) throws {
    try page.body.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = FileDescriptor.retrying {
          pwrite(
            descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
            off_t(size + bytes.count - rest.count))
        }
        guard count > 0 else { throw Self.error("keep a download") }
        rest = rest.dropFirst(count)
      }
    }
    let range = size..<size + page.body.count
    size = range.upperBound
    entries.append(Entry(range: range, page: page.with(body: SecretBytes(copying: []))))
  }

  /// Reads a page back.
  ///
  /// - Parameter index: counted from 0.
  /// - Returns: `nil` after the last one.
  /// - Throws: `VaultError`.
  func page(_ index: Int) throws -> UnreadPage? {
    guard entries.indices.contains(index) else { return nil }
    let entry = entries[index]
    let body = try SecretBytes(count: entry.range.count) { buffer in
      var filled = 0
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = FileDescriptor.retrying {
          pread(descriptor, rest.baseAddress, rest.count, off_t(entry.range.lowerBound + filled))
        }
        guard count > 0 else { throw Self.error("read a download") }
        filled += count
      }
    }
    return entry.page.with(body: body)
  }
}
