/// The root of the sealed data: counts, and the tags of the rows directly below.
///
/// The summary contains the tags of all documents, slots and buckets (or groups of buckets). A bucket contains those of
/// its logins, and a list those of its rows. A row that was removed or replaced by an earlier version is therefore
/// detected. Only an earlier version of the whole file is not.
struct VaultSummary: Equatable {
  /// The row's name in the table `documents`.
  static let name = ".index"
  private static let fixedByteCount = 80

  /// The number of changes to the vault.
  var counter: Int64 = 0
  /// The number of logins.
  var logins = 0
  /// The number of entries in all buckets.
  var entries = 0
  /// The number of rows in each list.
  var lists: [ListKind: Int] = [.outbox: 0, .aside: 0, .deleted: 0]
  /// The row for the next new login. Rows are never reused.
  var nextLogin: Int64 = 1
  /// The distribution of the entries.
  var layout = BucketLayout.smallest
  /// The tag of each bucket, or of each group if there are several groups.
  var buckets: [RowTag] = []
  /// The tags of the slots, by number.
  var slots: [Int64: RowTag] = [:]
  /// The tags of all documents by name, including those of the lists.
  var documents: [String: RowTag] = [:]

  /// The number of changes that are not uploaded yet.
  var outbox: Int { lists[.outbox] ?? 0 }

  /// The names of all documents, sorted, without those of the lists.
  var documentNames: [DocumentName] {
    documents.keys.compactMap { DocumentName(stored: $0) }.sorted { $0.text < $1.text }
  }

  /// Returns the plaintext. `docs/vault-format.md` describes its layout.
  func plaintext(vaultID: [UInt8]) -> SecretBytes {
    var builder = SecretBuilder(
      capacity: Self.fixedByteCount + 16 * slots.count + 32 * documents.count + 8 * buckets.count)
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { builder.append($0) } }
    append(Int32(truncatingIfNeeded: VaultSchema.version))
    for byte in vaultID { builder.append(byte) }
    append(counter)
    for value in [logins, entries] + ListKind.allCases.map({ lists[$0] ?? 0 }) { append(Int64(value)) }
    append(nextLogin)
    append(UInt8(layout.bits))
    append(UInt8(clamping: slots.count))
    append(UInt16(clamping: documents.count))
    for (id, tag) in slots.sorted(by: { $0.key < $1.key }) {
      append(id)
      tag.append(to: &builder)
    }
    for (name, tag) in documents.sorted(by: { $0.key < $1.key }) {
      append(UInt8(clamping: name.utf8.count))
      builder.append(name)
      tag.append(to: &builder)
    }
    for tag in buckets { tag.append(to: &builder) }
    return builder.finish()
  }

  init() {}

  /// Reads a plaintext.
  ///
  /// - Throws: `VaultError.damaged` if it does not have that layout or belongs to another vault.
  init(plaintext: SecretBytes, vaultID: [UInt8]) throws {
    try plaintext.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, part: "index")
      guard try reader.integer(Int32.self) == VaultSchema.version, try reader.bytes(16).elementsEqual(vaultID) else {
        throw VaultError.damaged(part: "index")
      }
      counter = try reader.integer(Int64.self)
      logins = try reader.count()
      entries = try reader.count()
      for kind in ListKind.allCases { lists[kind] = try reader.count() }
      nextLogin = try reader.integer(Int64.self)
      layout = try BucketLayout(stored: reader.integer(UInt8.self))
      let (slotCount, documentCount) = try (reader.integer(UInt8.self), reader.integer(UInt16.self))
      for _ in 0..<slotCount { slots[try reader.integer(Int64.self)] = try reader.tag() }
      for _ in 0..<documentCount {
        let name = String(decoding: try reader.bytes(Int(reader.integer(UInt8.self))), as: UTF8.self)
        documents[name] = try reader.tag()
      }
      buckets = try reader.tags(layout.rootTagCount)
      guard reader.isAtEnd else { throw VaultError.damaged(part: "index") }
    }
  }
}
