import COpenSSL

/// Bytes that must not leak: keys, passwords, tokens, decrypted records.
///
/// The storage is locked in memory as long as libcrypto's secure heap has room (OPENSSL_secure_malloc(3)). It is never
/// copied implicitly and is wiped when the last reference goes away. The description shows the length only. Comparison
/// takes constant time.
public struct SecretBytes: Sendable {
  private let storage: SecretStorage
  private let offset: Int

  /// The number of bytes.
  public let count: Int

  /// Wraps storage that is no longer written to.
  init(storage: SecretStorage, offset: Int = 0, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// Makes `count` zero bytes and lets `body` fill them.
  ///
  /// - Parameters:
  ///   - count: the number of bytes.
  ///   - body: called once with the buffer.
  /// - Throws: any error of `body`, after wiping the buffer.
  public init(count: Int, initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    let storage = SecretStorage(capacity: count)
    let buffer = UnsafeMutableRawBufferPointer(start: storage.base, count: count)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    try body(buffer)
    self.init(storage: storage, count: count)
  }

  /// Copies the bytes of a buffer. The caller wipes the source.
  public init(copying source: UnsafeRawBufferPointer) {
    self.init(count: source.count) { $0.copyMemory(from: source) }
  }

  /// Copies the bytes of a collection. The caller wipes the source.
  public init(copying source: some Collection<UInt8>) {
    self.init(count: source.count) { buffer in
      // copyBytes(from:) is not specialized: at its first call the runtime searches all conformances.
      let copied: Void? = source.withContiguousStorageIfAvailable {
        buffer.copyMemory(from: UnsafeRawBufferPointer($0))
      }
      if copied == nil { buffer.copyBytes(from: source) }
    }
  }

  /// Copies a text as UTF-8. The text itself is in memory that is not wiped.
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

  /// Returns a part of the bytes, which shares their storage.
  ///
  /// - Parameter range: positions within `0..<count`.
  public subscript(range: Range<Int>) -> SecretBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return SecretBytes(storage: storage, offset: offset + range.lowerBound, count: range.count)
  }

  /// Returns the bytes of all parts in order, in new storage.
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

  /// Returns the exclusive or of two values of equal length.
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

  /// Returns the bytes as text; `nil` if they are not UTF-8. The text is in memory that Swift manages and does not
  /// wipe. Use it only to show a secret or to pass it to an interface that accepts nothing else.
  public func exposedText() -> String? {
    // Not String(validating:): it is generic code and takes three times as long.
    withUnsafeBytes { UTF8Text.isValid($0) ? String(decoding: $0, as: UTF8.self) : nil }
  }
}

extension SecretBytes: Equatable {
  /// Compares two secrets in a time that depends on their lengths only (CRYPTO_memcmp(3)).
  public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
    left.withUnsafeBytes { l in right.withUnsafeBytes { r in constantTimeEqual(l, r) } }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The number of bytes, such as `SecretBytes(16)`.
  public var description: String { "SecretBytes(\(count))" }
  /// The number of bytes, such as `SecretBytes(16)`.
  public var debugDescription: String { description }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Compares two buffers in a time that depends on their lengths only (CRYPTO_memcmp(3)).
///
/// - Returns: whether they have the same length and bytes.
func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count else { return false }
  guard left.count > 0 else { return true }
  return CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
}
