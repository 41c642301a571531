/// Reads the fields of ssh's binary encoding in order (RFC 4251 section 5). Numbers are big-endian.
struct SSHStringReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// Makes a reader of a buffer that outlives it.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether all bytes were read.
  var isAtEnd: Bool { position == bytes.count }

  /// Reads a fixed number of bytes; `nil` if too few are left.
  mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// Reads a number of four bytes; `nil` if too few are left.
  mutating func number() -> UInt32? {
    bytes(4).map { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
  }

  /// Reads a string: its length and its bytes; `nil` if too few are left.
  mutating func string() -> UnsafeRawBufferPointer? {
    guard let count = number() else { return nil }
    return bytes(Int(count))
  }
}
