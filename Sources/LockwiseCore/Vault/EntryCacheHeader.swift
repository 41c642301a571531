/// The beginning of a text in which a file keeps something of all logins, and what such texts have in common.
///
/// It is the version of the layout (1 byte), the state of the look-up index for which the text is complete (32), and the
/// number of logins (8). The text also has a table with a line of constant length for each login, which begins with the
/// login's row (8) and that row's tag (8). Numbers are little-endian.
///
/// Whoever changes a login leaves these texts alone. A reader notices that the state is another one, and reads only the
/// logins that changed since.
struct EntryCacheHeader: Equatable {
  /// The length of a header in bytes.
  static let byteCount = 1 + SHA256.byteCount + 8
  /// The length of a row and its tag in bytes.
  static let positionByteCount = 8 + RowTag.byteCount

  /// The version of the layout.
  let version: UInt8
  /// The state of the index.
  let state: [UInt8]
  /// The number of logins.
  let count: Int

  init(version: UInt8, state: [UInt8], count: Int) {
    self.version = version
    self.state = state
    self.count = count
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - text: the whole text.
  ///   - version: the version of the layout. Another one is refused.
  ///   - lineByteCount: the length of a line of the table in bytes.
  /// - Returns: `nil` if the text has another layout or is too short for the table.
  init?(_ text: UnsafeRawBufferPointer, version: UInt8, lineByteCount: Int) {
    guard text.count >= Self.byteCount, text[0] == version else { return nil }
    let stored = Int64(littleEndian: text.loadUnaligned(fromByteOffset: 1 + SHA256.byteCount, as: Int64.self))
    guard stored >= 0, stored <= (text.count - Self.byteCount) / lineByteCount else { return nil }
    self.init(version: version, state: Array(text[1..<1 + SHA256.byteCount]), count: Int(stored))
  }

  /// Appends the header's bytes.
  func append(to builder: inout SecretBuilder) {
    builder.append(version)
    state.withUnsafeBytes { builder.append($0) }
    withUnsafeBytes(of: Int64(count).littleEndian) { builder.append($0) }
  }

  /// Appends a row and its tag.
  static func append(_ position: LoginRow.Position, to builder: inout SecretBuilder) {
    withUnsafeBytes(of: position.id.littleEndian) { builder.append($0) }
    position.tag.append(to: &builder)
  }

  /// Reads a row and its tag.
  ///
  /// - Parameter offset: where they begin, within the text.
  static func position(_ text: UnsafeRawBufferPointer, at offset: Int) -> LoginRow.Position {
    (
      id: Int64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: Int64.self)),
      tag: RowTag(stored: UnsafeRawBufferPointer(rebasing: text[(offset + 8)...]))
    )
  }

  /// Returns the state of the index that a summary describes: a digest of its layout and of the tags of all buckets or
  /// groups. Each change of a login changes a bucket, and each version of a bucket has its own tag.
  static func state(_ summary: VaultSummary) throws -> [UInt8] {
    var builder = SecretBuilder(capacity: 16 + RowTag.byteCount * summary.buckets.count)
    for value in [Int64(summary.layout.bits), Int64(summary.logins)] {
      withUnsafeBytes(of: value.littleEndian) { builder.append($0) }
    }
    for tag in summary.buckets { tag.append(to: &builder) }
    return try builder.finish().withUnsafeBytes { try SHA256.hash(Array($0)) }
  }
}
