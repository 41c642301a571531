/// The names of all logins, as one sealed document keeps them. A list of ten thousand names then needs one decryption
/// instead of ten thousand.
///
/// Whoever changes a login leaves the document alone. It names the state of the look-up index for which it is complete,
/// so a reader notices that it is older, and reads only the logins that changed since.
struct EntryNameCache {
  /// A login's row and its name.
  struct Item {
    let row: LoginRow.Position
    let source: EntryList.Source
  }

  /// The layout of the text. Another one is discarded.
  private static let version: UInt8 = 1

  /// The state of the index that the items belong to.
  let state: [UInt8]
  /// The items, sorted by the bytes of their names.
  let items: [Item]

  init(state: [UInt8], items: [Item]) {
    self.state = state
    self.items = items
  }

  /// The text: a version byte, the state (32 bytes), the number of items (8), then for each item its row (8), its tag
  /// (8), 1 for a form login (1), and the lengths (4 each) and bytes of its GUID and name. Numbers are little-endian.
  var text: SecretBytes {
    var builder = SecretBuilder(capacity: 64 + 96 * items.count)
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { builder.append($0) } }
    func append(_ text: String) {
      append(UInt32(text.utf8.count))
      builder.append(text)
    }
    append(Self.version)
    state.withUnsafeBytes { builder.append($0) }
    append(Int64(items.count))
    for item in items {
      append(item.row.id)
      item.row.tag.append(to: &builder)
      append(UInt8(item.source.isForm ? 1 : 0))
      append(item.source.guid)
      append(item.source.name)
    }
    return builder.finish()
  }

  /// Reads a text; `nil` if it has another layout.
  init?(text: SecretBytes) {
    let content = try? text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, part: "names")
      guard try reader.integer(UInt8.self) == Self.version else { throw VaultError.damaged(part: "names") }
      let state = Array(try reader.bytes(SHA256.byteCount))
      let count = try reader.count()
      guard count <= bytes.count else { throw VaultError.damaged(part: "names") }
      var items: [Item] = []
      items.reserveCapacity(count)
      for _ in 0..<count { items.append(try Self.item(&reader)) }
      guard reader.isAtEnd else { throw VaultError.damaged(part: "names") }
      return (state, items)
    }
    guard let content else { return nil }
    (state, items) = content
  }

  private static func item(_ reader: inout ByteReader) throws -> Item {
    let row = (id: try reader.integer(Int64.self), tag: try reader.tag())
    let isForm = try reader.integer(UInt8.self) == 1
    let guid = String(decoding: try reader.bytes(Int(reader.integer(UInt32.self))), as: UTF8.self)
    let name = String(decoding: try reader.bytes(Int(reader.integer(UInt32.self))), as: UTF8.self)
    return Item(row: row, source: EntryList.Source(guid: guid, name: name, isForm: isForm))
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

extension DocumentName {
  /// The names of all logins (`EntryNameCache`).
  static let entryNames = DocumentName("entry-names")
}

extension Vault {
  /// The number of logins from which on a document with their names is worth its space.
  private static let smallestCache = 64

  /// Returns the names of all logins.
  ///
  /// - Returns: the list, and whether it had to be read from more than a few logins. `storeEntryNames` spares the next
  ///   reader that.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func entryList() throws -> (list: EntryList, isOutdated: Bool) {
    try file.reading {
      let (cache, isCurrent) = try entryNames()
      return (EntryList(cache.items.map(\.source)), !isCurrent && cache.items.count >= Self.smallestCache)
    }
  }

  /// Stores the names of all logins for the next reader.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be written.
  public func storeEntryNames() throws {
    let (cache, isCurrent) = try file.reading { try entryNames() }
    // Changes that are made meanwhile are not lost: the document names the state that it belongs to.
    if !isCurrent { try setDocument(.entryNames, to: cache.text) }
  }

  private func entryNames() throws -> (cache: EntryNameCache, isCurrent: Bool) {
    let summary = try summary()
    let state = try EntryNameCache.state(summary)
    let stored = try documentTable.read(DocumentName.entryNames.text, summary).flatMap { EntryNameCache(text: $0) }
    if let stored, stored.state == state { return (stored, true) }
    return (EntryNameCache(state: state, items: try items(knowing: stored?.items ?? [], summary)), false)
  }

  /// Returns the items of all logins, sorted by name.
  ///
  /// - Parameter known: items of another state; those whose row has not changed are used again.
  private func items(knowing known: [EntryNameCache.Item], _ summary: VaultSummary) throws -> [EntryNameCache.Item] {
    var tags = try loginTags(summary)
    var items = known.filter { tags[$0.row.id] == $0.row.tag }
    for item in items { tags[item.row.id] = nil }
    for (id, tag) in tags {
      let login = try loginTable.login((id, tag))
      items.append(EntryNameCache.Item(row: (id, tag), source: EntryList.Source(login)))
    }
    return items.sorted { $0.source.precedes($1.source) }
  }
}
