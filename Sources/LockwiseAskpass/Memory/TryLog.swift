import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The stored secrets that were given to processes lately. A process that repeats its question has found the secret to
/// be wrong.
///
/// The file has keyed digests only, and no times, because a clock may be set. It is written without fsync(2): a process
/// does not outlive the machine's restart.
struct TryLog {
  /// A secret that was given to a process.
  struct Entry: Equatable {
    /// The length in bytes.
    static let length = 2 * KeyedDigest.byteCount

    /// The digest of the process and its question (`Vault.question`).
    let question: [UInt8]
    /// The digest of the login and its secret (`Vault.refusal`).
    let login: [UInt8]

    /// Makes an entry.
    init(question: [UInt8], login: [UInt8]) {
      self.question = question
      self.login = login
    }

    /// Decodes an entry.
    ///
    /// - Precondition: there are `length` bytes.
    init(_ bytes: ArraySlice<UInt8>) {
      question = Array(bytes.prefix(KeyedDigest.byteCount))
      login = Array(bytes.suffix(KeyedDigest.byteCount))
    }

    /// The encoded entry.
    var bytes: [UInt8] { question + login }
  }

  /// The number of entries from which on the file is written again with the newest half.
  static let limit = 128

  private let path: String

  /// Makes a log; nothing is read yet.
  ///
  /// - Parameter directory: the vault's directory.
  init(in directory: VaultDirectory) { path = directory.askpassTries }

  /// Returns the digest of the login whose secret answered a question last; `nil` if none did.
  func login(for question: [UInt8]) -> [UInt8]? {
    let descriptor = lockwise_open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return Self.read(descriptor).last { KeyedDigest.isSame($0.question, question) }?.login
  }

  /// Records that a secret answers a question.
  ///
  /// - Throws: `UserFacingError` if it cannot be written.
  func record(question: [UInt8], login: [UInt8]) throws {
    let descriptor = lockwise_open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure }
    defer { close(descriptor) }
    _ = FileDescriptor.retrying { lockwise_lock_place(descriptor, 0) }
    var bytes = Entry(question: question, login: login).bytes
    var info = stat()
    if fstat(descriptor, &info) == 0, info.st_size >= off_t(Self.limit * Entry.length) {
      bytes = Self.read(descriptor).suffix(Self.limit / 2).flatMap(\.bytes) + bytes
      ftruncate(descriptor, 0)
    }
    guard bytes.withUnsafeBytes({ FileDescriptor.writeAll(descriptor, $0) }) else { throw failure }
  }

  private var failure: UserFacingError {
    UserFacingError(
      "the stored secret is not used: cannot write \(path): \(String(cString: strerror(errno)))", exitCode: .failure)
  }

  /// Reads the entries. An incomplete one at the end is ignored.
  private static func read(_ descriptor: Int32) -> [Entry] {
    guard let content = FileDescriptor.readAll(descriptor, limit: 4 * limit * Entry.length) else { return [] }
    let bytes = content.withUnsafeBytes { Array($0) }
    return (0..<bytes.count / Entry.length).map { Entry(bytes[($0 * Entry.length)...].prefix(Entry.length)) }
  }
}

extension Vault {
  /// Identifies a question of a process.
  ///
  /// - Parameters:
  ///   - prompt: the question.
  ///   - process: the process.
  ///   - boot: identifies the time for which the machine has been running: ids and start times repeat after a restart.
  /// - Throws: `CryptoError` if libcrypto refuses.
  func question(_ prompt: [UInt8], of process: ProcessIdentity, boot: [UInt8]) throws -> [UInt8] {
    try digest(
      .askpassQuestion,
      [SecretBytes(utf8: "\(process.id) \(process.start)"), SecretBytes(copying: boot), SecretBytes(copying: prompt)])
  }
}

extension KeyedDigest.Purpose {
  /// A question that a process asks.
  static let askpassQuestion = KeyedDigest.Purpose(19)
  /// A destination for which the user wants to save nothing.
  static let askpassNever = KeyedDigest.Purpose(20)
}
