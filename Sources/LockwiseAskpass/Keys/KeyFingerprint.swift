import CLinux
import Glibc
import LockwiseCore

/// The identity of an ssh key: the SHA-256 digest of its public key. It stays the same if the file is renamed or its
/// comment or passphrase changes.
struct KeyFingerprint: Equatable, Sendable {
  /// The digest in lower-case hexadecimal digits.
  let hex: String
  /// The key's comment, for people; `nil` if it is unknown.
  let comment: String?

  /// The text of the login's origin, `ssh-key://<hex>`.
  var origin: String { "ssh-key://" + hex }

  /// The number of bytes after which ssh cuts the path in its prompt.
  private static let cut = 100
  /// The largest file that is read, in bytes. The largest key of ssh, RSA with 16384 bits, has 13 KB.
  private static let limit = 65536

  /// Makes a fingerprint.
  init(hex: String, comment: String?) { (self.hex, self.comment) = (hex, comment) }

  /// Finds the fingerprint of the key that a prompt is about.
  ///
  /// - Parameters:
  ///   - prompt: the prompt.
  ///   - asker: the program that asks. Its arguments name the file if the prompt does not.
  /// - Throws: `KeyFileError`.
  init(of prompt: KeyPrompt, asker: Asker?) throws(KeyFileError) {
    guard let path = prompt.path ?? asker.flatMap({ SSHKeygenArguments($0.arguments)?.keyPath }) else { throw .noPath }
    // A path of 100 bytes may be a whole one.
    guard prompt.wording == .ssh, path.count >= Self.cut else {
      try self.init(path: path)
      return
    }
    do {
      try self.init(path: path)
    } catch .unreadable, .notAKey {
      throw .pathMayBeCut
    }
  }

  /// Reads the fingerprint of a private key file; from `PATH.pub` if the private file does not contain it in clear.
  ///
  /// - Parameter path: the path, relative to the current folder.
  /// - Throws: `KeyFileError`.
  init(path: [UInt8]) throws(KeyFileError) {
    guard let file = PrivateKeyFile(try Self.read(path)) else { throw .notAKey }
    let neighbour = (try? Self.read(path + ".pub".utf8))?.withUnsafeBytes { PublicKey(publicFile: $0) }
    let key: PublicKey
    switch file {
    case .openSSH(let own): key = own
    case .pem:
      guard let neighbour else { throw .noPublicKey }
      key = neighbour
    }
    guard let hex = try? key.fingerprint() else { throw .noPublicKey }
    self.hex = hex
    comment = neighbour?.encoded == key.encoded ? neighbour?.comment : nil
  }

  /// Makes the fingerprint of a public key.
  ///
  /// - Throws: `KeyFileError.noPublicKey` if libcrypto refuses.
  init(of key: PublicKey) throws(KeyFileError) {
    guard let hex = try? key.fingerprint() else { throw .noPublicKey }
    (self.hex, comment) = (hex, key.comment)
  }

  /// Reads a regular file. It neither waits for a pipe nor makes a terminal the controlling one.
  private static func read(_ path: [UInt8]) throws(KeyFileError) -> SecretBytes {
    guard !path.isEmpty, !path.contains(0) else { throw .unreadable(errno: ENOENT) }
    let name = path.map(CChar.init(truncatingIfNeeded:)) + [0]
    let descriptor = lockwise_open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
    guard descriptor >= 0 else { throw .unreadable(errno: errno) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG,
      let content = FileDescriptor.readAll(descriptor, limit: limit)
    else { throw .notAKey }
    return content
  }
}
