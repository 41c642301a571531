/// The first half of a sealed row's authentication tag. Kept sealed elsewhere, it tells the row's present state from every
/// earlier one: each sealing has a nonce of its own, so no two states of a row share a tag.
struct RowTag: Hashable, Sendable {
  /// The length in bytes.
  static let byteCount = 8

  /// In the place of the tag of a row that there is not.
  static let missing = RowTag(value: 0)

  private let value: UInt64

  private init(value: UInt64) { self.value = value }

  /// Reads the tag of a sealed row: the first 8 of its last 16 bytes.
  init(sealed: UnsafeRawBufferPointer) {
    let start = sealed.count - AES256GCM.tagByteCount
    value = start < 0 ? 0 : sealed.loadUnaligned(fromByteOffset: start, as: UInt64.self)
  }

  /// Reads the tag of a sealed row.
  init(sealed: [UInt8]) { self = sealed.withUnsafeBytes { RowTag(sealed: $0) } }

  /// Reads a tag as `append(to:)` writes it.
  init(stored bytes: UnsafeRawBufferPointer) { value = bytes.loadUnaligned(as: UInt64.self) }

  /// Appends the tag's bytes, in the order in which they are in the row.
  func append(to builder: inout SecretBuilder) { withUnsafeBytes(of: value) { builder.append($0) } }
}

extension RowTag: Comparable {
  static func < (left: RowTag, right: RowTag) -> Bool { left.value < right.value }
}
