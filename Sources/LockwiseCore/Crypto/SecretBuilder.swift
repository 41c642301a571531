import COpenSSL

/// Builds a `SecretBytes` piece by piece. The pieces it outgrows are wiped; a copy shares nothing once it is changed.
public struct SecretBuilder {
  private var bytes: UnsafeStorage

  private final class UnsafeStorage {
    var base: UnsafeMutableRawBufferPointer
    var count = 0

    init(capacity: Int) { base = .allocate(byteCount: max(capacity, 64), alignment: 1) }

    deinit {
      OPENSSL_cleanse(base.baseAddress, base.count)
      base.deallocate()
    }

    func copy() -> UnsafeStorage {
      let copy = UnsafeStorage(capacity: base.count)
      copy.base.copyMemory(from: UnsafeRawBufferPointer(rebasing: base[..<count]))
      copy.count = count
      return copy
    }

    func reserve(_ more: Int) {
      guard count + more > base.count else { return }
      let grown = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(base.count * 2, count + more), alignment: 1)
      grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: base[..<count]))
      OPENSSL_cleanse(base.baseAddress, base.count)
      base.deallocate()
      base = grown
    }
  }

  /// Makes an empty builder.
  ///
  /// - Parameter capacity: bytes to set aside at first.
  public init(capacity: Int = 256) { bytes = UnsafeStorage(capacity: capacity) }

  /// The number of bytes so far.
  public var count: Int { bytes.count }

  private mutating func reserve(_ more: Int) {
    if !isKnownUniquelyReferenced(&bytes) { bytes = bytes.copy() }
    bytes.reserve(more)
  }

  /// Appends one byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    bytes.base[bytes.count] = byte
    bytes.count += 1
  }

  /// Appends the bytes of a buffer.
  public mutating func append(_ buffer: UnsafeRawBufferPointer) {
    reserve(buffer.count)
    UnsafeMutableRawBufferPointer(rebasing: bytes.base[bytes.count...]).copyMemory(from: buffer)
    bytes.count += buffer.count
  }

  /// Appends a secret.
  public mutating func append(_ secret: SecretBytes) { secret.withUnsafeBytes { append($0) } }

  /// Appends a text in UTF-8.
  public mutating func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends a Unicode scalar in UTF-8.
  public mutating func append(_ scalar: Unicode.Scalar) {
    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(unit) }
  }

  /// Calls `body` with the bytes so far; the pointer is valid only during the call.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(rebasing: bytes.base[..<bytes.count]))
  }

  /// The finished secret; the builder is empty afterwards.
  public mutating func finish() -> SecretBytes {
    let result = withUnsafeBytes { SecretBytes(copying: $0) }
    bytes = UnsafeStorage(capacity: 0)
    return result
  }
}
