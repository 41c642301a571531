import CLinux
import Glibc

/// A file next to the vault's that is sealed like a row, for a large text that can be made again at any time.
///
/// A large row of the table `documents` would make every look-up slower: SQLite reads the whole of it to compare its name
/// with that of another document.
///
/// The vault contains no tag of the file. So its text must name the state of the vault that it belongs to.
struct SealedFile {
  /// The end of the name of a file that is being written.
  static let newSuffix = ".new"
  /// The table in the associated data of files.
  private static let table: StaticString = "files"

  /// The most bytes that sealing adds: nonce, padding and tag.
  private static let overhead = AES256GCM.nonceByteCount + VaultKeys.paddingBlock + AES256GCM.tagByteCount

  private let path: String
  private let name: String

  /// Makes a file from its path.
  init(_ path: String) {
    self.path = path
    name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  private var context: VaultKeys.RowContext { .init(Self.table, .name(name)) }

  /// Reads the text.
  ///
  /// - Parameters:
  ///   - keys: the vault's keys.
  ///   - limit: the greatest length of the text in bytes.
  /// - Returns: `nil` if the file does not exist, belongs to another vault or user, or is not intact.
  func read(_ keys: VaultKeys, limit: Int) -> SecretBytes? {
    let file = lockwise_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_mode & 0o077 == 0,
      info.st_uid == geteuid(), info.st_size > 0, info.st_size <= limit + Self.overhead
    else { return nil }
    var range = 0..<0
    let text = try? SecretBytes(count: Int(info.st_size)) { buffer in
      guard FileDescriptor.readFully(file, into: buffer) else { throw VaultError.damaged(part: name) }
      range = try keys.open(inPlace: buffer, at: context)
    }
    return text?[range]
  }

  /// Replaces the text. A run that ends meanwhile leaves the former one, or none.
  ///
  /// - Parameters:
  ///   - text: the new text.
  ///   - keys: the vault's keys.
  ///   - random: the source of the nonce.
  /// - Throws: `VaultError.system` if it cannot be written.
  func write(_ text: SecretBytes, _ keys: VaultKeys, random: some RandomSource) throws {
    let sealed = try keys.seal(text, at: context, random: random)
    // If another run still writes its file, that gets the name of this one, and is discarded unless it becomes complete.
    let file = AtomicFile(path.utf8, suffix: Self.newSuffix)
    do throws(AtomicFile.Failure) {
      // Not synchronized: a file that a power failure damaged is not intact, and is written again.
      try file.replace(synchronizes: false) { descriptor in
        sealed.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
      }
    } catch {
      throw VaultError.system(operation: "write \(path)", errno: error.errno)
    }
  }
}
