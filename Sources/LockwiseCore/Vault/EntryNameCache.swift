/// The names of all logins, as one sealed file keeps them. A list of ten thousand names then needs one decryption instead
/// of ten thousand.
///
/// The text is a header (`EntryCacheHeader`); a table with, for each name in the order of the list, its login's row (8)
/// and tag (8), the lengths of the name (4), of the name without `#` and digits (4) and of the GUID (1), and twice the kind
/// of the name (`EntryList.NameKind`) and 1 more for a form login (1); and for each name its bytes, `.gpg`, NUL and the
/// GUID.
struct EntryNameCache {
  /// The greatest length of a text that is stored, in bytes.
  static let maximumByteCount = 16 << 20
  /// The version of the layout. A change of the order or form of names needs another one too.
  private static let version: UInt8 = 2
  private static let lineByteCount = EntryCacheHeader.positionByteCount + 4 + 4 + 1 + 1

  /// The whole text.
  let text: SecretBytes
  /// The state of the look-up index that the names belong to.
  let state: [UInt8]
  /// The names.
  let list: EntryList

  /// Reads a text; `nil` if it has another layout.
  init?(text: SecretBytes) {
    let content = text.withUnsafeBytes { bytes -> (state: [UInt8], rows: [EntryList.Row])? in
      guard
        let header = EntryCacheHeader(bytes, version: Self.version, lineByteCount: Self.lineByteCount),
        let rows = Self.rows(bytes, header.count)
      else { return nil }
      return (header.state, rows)
    }
    guard let content else { return nil }
    self.text = text
    state = content.state
    list = EntryList(storage: text, rows: content.rows)
  }

  /// Returns where the names and GUIDs are in a text; `nil` if the lengths are not those of the text.
  private static func rows(_ text: UnsafeRawBufferPointer, _ count: Int) -> [EntryList.Row]? {
    var rows: [EntryList.Row] = []
    rows.reserveCapacity(count)
    var position = EntryCacheHeader.byteCount + count * lineByteCount
    for index in 0..<count {
      let lengths = EntryCacheHeader.byteCount + index * lineByteCount + EntryCacheHeader.positionByteCount
      let nameCount = UInt32(littleEndian: text.loadUnaligned(fromByteOffset: lengths, as: UInt32.self))
      let plainCount = UInt32(littleEndian: text.loadUnaligned(fromByteOffset: lengths + 4, as: UInt32.self))
      let guidCount = text[lengths + 8]
      let guid = position + Int(nameCount) + EntryOrder.suffix.count
      let end = guid + Int(guidCount)
      let flags = text[lengths + 9]
      guard plainCount <= nameCount, end <= text.count, let storedEnd = UInt32(exactly: end),
        let kind = EntryList.NameKind(rawValue: flags >> 1)
      else { return nil }
      rows.append(
        EntryList.Row(
          name: UInt32(position), nameCount: nameCount, plainCount: plainCount, guid: storedEnd - UInt32(guidCount),
          guidCount: UInt32(guidCount), isForm: flags & 1 == 1, kind: kind, source: UInt32(index)))
      position = end
    }
    return position == text.count ? rows : nil
  }

  /// Returns the row of a name's login.
  ///
  /// - Parameter index: the position of the name in the list.
  func position(_ index: Int) -> LoginRow.Position {
    text.withUnsafeBytes {
      EntryCacheHeader.position($0, at: EntryCacheHeader.byteCount + index * Self.lineByteCount)
    }
  }

  /// Returns the text for a list.
  ///
  /// - Parameters:
  ///   - state: the state of the index that the list belongs to.
  ///   - list: the list.
  ///   - positions: the rows of the logins in the order in which the list was made of them.
  static func text(state: [UInt8], _ list: EntryList, _ positions: [LoginRow.Position]) -> SecretBytes {
    var builder = SecretBuilder(capacity: EntryCacheHeader.byteCount + list.rows.count * (lineByteCount + 64))
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { builder.append($0) } }
    EntryCacheHeader(version: version, state: state, count: list.rows.count).append(to: &builder)
    for row in list.rows {
      EntryCacheHeader.append(positions[Int(row.source)], to: &builder)
      append(row.nameCount)
      append(row.plainCount)
      append(UInt8(clamping: row.guidCount))
      append(row.kind.rawValue << 1 | (row.isForm ? 1 : 0))
    }
    list.storage.withUnsafeBytes { storage in
      for row in list.rows {
        builder.append(EntryList.name(row, in: storage))
        EntryOrder.suffix.withUnsafeBytes { builder.append($0) }
        builder.append(EntryList.guid(row, in: storage))
      }
    }
    return builder.finish()
  }
}

extension EntryNameCache {
  /// Reads the names of all logins.
  ///
  /// - Parameters:
  ///   - state: the state of the index.
  ///   - known: names of another state; those whose row has not changed are used again.
  ///   - tags: the tags of all logins by row.
  ///   - login: reads a login.
  /// - Throws: what `login` throws; `VaultError.damaged` if the names are too long for a list.
  init(
    state: [UInt8], knowing known: EntryNameCache?, _ tags: [Int64: RowTag],
    login: (LoginRow.Position) throws -> LoginRecord
  ) throws {
    var missing = tags
    var builder = EntryList.Builder(count: tags.count)
    var positions: [LoginRow.Position] = []
    positions.reserveCapacity(tags.count)
    known?.text.withUnsafeBytes { text in
      for (index, row) in (known?.list.rows ?? []).enumerated() {
        let line = EntryCacheHeader.byteCount + index * Self.lineByteCount
        let position = EntryCacheHeader.position(text, at: line)
        guard missing[position.id] == position.tag else { continue }
        missing[position.id] = nil
        let name = UnsafeRawBufferPointer(rebasing: EntryList.name(row, in: text)[..<Int(row.plainCount)])
        builder.append(name: name, guid: EntryList.guid(row, in: text), isForm: row.isForm, kind: row.kind)
        positions.append(position)
      }
    }
    for (id, tag) in missing {
      builder.append(EntryList.Source(try login((id, tag))))
      positions.append((id, tag))
    }
    // In the form in which the next reader finds it.
    guard let cache = EntryNameCache(text: Self.text(state: state, builder.finish(), positions)) else {
      throw VaultError.damaged(part: "names")
    }
    self = cache
  }
}
