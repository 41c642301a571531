/// The first half of a sealed row's authentication tag.
///
/// Another sealed row contains it and so identifies the latest version of the row. Each sealing has its own nonce, so
/// no two versions of a row share a tag.
struct RowTag: Hashable, Sendable {
  /// The length of a row tag in bytes.
  static let byteCount = 8

  /// The tag that stands for a missing row.
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

  /// Reads a tag that `append(to:)` wrote.
  init(stored bytes: UnsafeRawBufferPointer) { value = bytes.loadUnaligned(as: UInt64.self) }

  /// Appends the tag's bytes in their order in the row.
  func append(to builder: inout SecretBuilder) { withUnsafeBytes(of: value) { builder.append($0) } }
}

extension RowTag: Comparable {
  static func < (left: RowTag, right: RowTag) -> Bool { left.value < right.value }
}
