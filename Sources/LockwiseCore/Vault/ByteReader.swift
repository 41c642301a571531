/// Reads the fields of a plaintext in order: little-endian numbers, bytes and tags.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private let part: String
  private var position = 0

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - bytes: a buffer that must outlive the reader.
  ///   - part: the part of the vault that errors name.
  init(_ bytes: UnsafeRawBufferPointer, part: String) {
    self.bytes = bytes
    self.part = part
  }

  /// Whether all bytes were read.
  var isAtEnd: Bool { position == bytes.count }

  /// Reads a little-endian number.
  ///
  /// - Throws: `VaultError.damaged` if too few bytes are left.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    let field = try self.bytes(MemoryLayout<Value>.size)
    return Value(littleEndian: field.loadUnaligned(as: Value.self))
  }

  /// Reads a count of 8 bytes.
  mutating func count() throws -> Int {
    let value = try integer(Int64.self)
    guard value >= 0 else { throw VaultError.damaged(part: part) }
    return Int(value)
  }

  /// Reads the tag of a row.
  mutating func tag() throws -> RowTag { RowTag(stored: try bytes(RowTag.byteCount)) }

  /// Reads several tags.
  mutating func tags(_ count: Int) throws -> [RowTag] {
    let field = try bytes(count * RowTag.byteCount)
    return (0..<count).map { index in
      RowTag(stored: UnsafeRawBufferPointer(rebasing: field[(index * RowTag.byteCount)...]))
    }
  }

  /// Reads bytes.
  mutating func bytes(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else { throw VaultError.damaged(part: part) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}
