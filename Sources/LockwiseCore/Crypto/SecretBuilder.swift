/// Builds a `SecretBytes` piece by piece. Storage that becomes too small is wiped. Copies are independent.
public struct SecretBuilder {
  private var storage: SecretStorage

  /// The number of bytes so far.
  public private(set) var count = 0

  /// Makes an empty builder.
  ///
  /// - Parameter capacity: the number of bytes to reserve.
  public init(capacity: Int = 256) { storage = SecretStorage(capacity: capacity) }

  /// Makes room for more bytes and keeps the present ones.
  private mutating func reserve(_ more: Int) {
    let wanted = count + more
    guard wanted > storage.capacity || !isKnownUniquelyReferenced(&storage) else { return }
    let capacity = wanted > storage.capacity ? max(2 * storage.capacity, wanted) : storage.capacity
    let larger = SecretStorage(capacity: capacity)
    larger.base.copyMemory(from: storage.base, byteCount: count)
    storage = larger
  }

  /// Appends one byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    storage.base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Appends the bytes of a buffer.
  public mutating func append(_ buffer: UnsafeRawBufferPointer) {
    guard let source = buffer.baseAddress else { return }
    reserve(buffer.count)
    (storage.base + count).copyMemory(from: source, byteCount: buffer.count)
    count += buffer.count
  }

  /// Appends a secret.
  public mutating func append(_ secret: SecretBytes) { secret.withUnsafeBytes { append($0) } }

  /// Appends a text as UTF-8.
  public mutating func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends a Unicode scalar as UTF-8.
  public mutating func append(_ scalar: Unicode.Scalar) {
    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(unit) }
  }

  /// Calls `body` with the bytes so far; the pointer is valid only during the call.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(start: storage.base, count: count)) }
  }

  private static let nothing = SecretStorage(capacity: 0)

  /// Returns the finished secret without copying it and empties the builder.
  public mutating func finish() -> SecretBytes {
    defer {
      storage = Self.nothing
      count = 0
    }
    return SecretBytes(storage: storage, count: count)
  }
}
