import COpenSSL

/// Bytes that must not leak: keys, passwords, tokens, decrypted records.
///
/// The storage is locked in memory as far as the secure heap of libcrypto reaches (OPENSSL_secure_malloc(3)), is
/// never copied behind the caller's back, and is wiped when the last reference goes away. There is no
/// description; comparison takes the same time whatever the bytes are.
public struct SecretBytes: Sendable {
  private let storage: SecretStorage
  private let offset: Int

  /// The number of bytes.
  public let count: Int

  /// Takes storage that nobody writes to any more.
  init(storage: SecretStorage, offset: Int = 0, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// Makes `count` bytes, zeroed, and lets `body` fill them.
  ///
  /// - Parameters:
  ///   - count: the number of bytes.
  ///   - body: is handed the buffer once.
  /// - Throws: what `body` throws; the buffer is wiped then.
  public init(count: Int, initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    let storage = SecretStorage(capacity: count)
    let buffer = UnsafeMutableRawBufferPointer(start: storage.base, count: count)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    try body(buffer)
    self.init(storage: storage, count: count)
  }

  /// Copies the bytes of a buffer; wiping the source is the caller's business.
  public init(copying source: UnsafeRawBufferPointer) {
    self.init(count: source.count) { $0.copyMemory(from: source) }
  }

  /// Copies the bytes of a collection; wiping the source is the caller's business.
  public init(copying source: some Collection<UInt8>) {
    self.init(count: source.count) { $0.copyBytes(from: source) }
  }

  /// Copies the UTF-8 form of a text that was not secret storage to begin with (a test, an argument).
  public init(utf8 text: String) {
    self.init(copying: text.utf8)
  }

  /// Whether there are no bytes.
  public var isEmpty: Bool { count == 0 }

  /// Calls `body` with the bytes; the pointer is valid only during the call.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeRawBufferPointer(start: storage.base + offset, count: count))
    }
  }

  /// A part of the bytes that shares their storage.
  ///
  /// - Parameter range: positions within `0..<count`.
  public subscript(range: Range<Int>) -> SecretBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return SecretBytes(storage: storage, offset: offset + range.lowerBound, count: range.count)
  }

  /// The bytes one after the other, in new storage.
  public static func concatenating(_ parts: [SecretBytes]) -> SecretBytes {
    SecretBytes(count: parts.reduce(0) { $0 + $1.count }) { buffer in
      var position = 0
      for part in parts {
        part.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: buffer[position...]).copyMemory(from: $0)
        }
        position += part.count
      }
    }
  }

  /// The exclusive or of two values of equal length.
  ///
  /// - Throws: `CryptoError.incorrectSize` if the lengths differ.
  public static func xor(_ left: SecretBytes, _ right: SecretBytes) throws -> SecretBytes {
    guard left.count == right.count else { throw CryptoError.incorrectSize }
    return SecretBytes(count: left.count) { buffer in
      left.withUnsafeBytes { l in
        right.withUnsafeBytes { r in
          for index in 0..<buffer.count { buffer[index] = l[index] ^ r[index] }
        }
      }
    }
  }

  /// The bytes as text, in memory that Swift manages and does not wipe: for what has to be shown or sent by an
  /// interface that takes nothing else. `nil` if they are not UTF-8.
  public func exposedText() -> String? {
    // Not String(validating:), which is generic code, three times as slow.
    withUnsafeBytes { UTF8Text.isValid($0) ? String(decoding: $0, as: UTF8.self) : nil }
  }
}

extension SecretBytes: Equatable {
  /// Compares in a time that depends on the lengths only (CRYPTO_memcmp(3)).
  public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
    left.withUnsafeBytes { l in right.withUnsafeBytes { r in constantTimeEqual(l, r) } }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says how long it is and nothing else.
  public var description: String { "SecretBytes(\(count))" }
  /// Says how long it is and nothing else.
  public var debugDescription: String { description }
  /// Shows no members.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Compares two buffers in a time that depends on their lengths only (CRYPTO_memcmp(3)).
///
/// - Returns: whether they have the same length and bytes.
public func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count else { return false }
  guard left.count > 0 else { return true }
  return CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
}
