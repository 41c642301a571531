/// The bodies of all logins, as one sealed file keeps them, so that a search needs one decryption.
///
/// The text is a header (`EntryCacheHeader`); the bodies in the order of the names in `EntryNameCache`; and a table with,
/// for each of them, its login's row (8) and tag (8), and the end of the body (8), counted from the first one's beginning.
struct EntryBodyCache {
  /// The greatest length of a text that is stored, in bytes.
  static let maximumByteCount = 16 << 20
  /// The version of the layout. A change of `EntryBody.text` needs another one too.
  private static let version: UInt8 = 1
  private static let lineByteCount = EntryCacheHeader.positionByteCount + 8

  /// The whole text.
  let text: SecretBytes
  /// The state of the look-up index that the bodies belong to.
  let state: [UInt8]
  /// The bodies.
  let bodies: EntryBodies

  /// Reads a text; `nil` if it has another layout.
  init?(text: SecretBytes) {
    let content = text.withUnsafeBytes { bytes -> (state: [UInt8], ends: [Int])? in
      guard
        let header = EntryCacheHeader(bytes, version: Self.version, lineByteCount: Self.lineByteCount),
        let ends = Self.ends(bytes, header.count)
      else { return nil }
      return (header.state, ends)
    }
    guard let content else { return nil }
    self.text = text
    state = content.state
    let end = text.count - content.ends.count * Self.lineByteCount
    bodies = EntryBodies(text: text[EntryCacheHeader.byteCount..<end], ends: content.ends)
  }

  /// Returns the ends of the bodies; `nil` if they are not those of the text.
  private static func ends(_ text: UnsafeRawBufferPointer, _ count: Int) -> [Int]? {
    let table = text.count - count * lineByteCount
    let byteCount = Int64(table - EntryCacheHeader.byteCount)
    var ends: [Int] = []
    ends.reserveCapacity(count)
    var last: Int64 = 0
    for index in 0..<count {
      let offset = table + index * lineByteCount + EntryCacheHeader.positionByteCount
      let end = Int64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: Int64.self))
      guard end >= last, end <= byteCount else { return nil }
      ends.append(Int(end))
      last = end
    }
    return last == byteCount ? ends : nil
  }

  /// Returns the row of a body's login.
  private func position(_ index: Int) -> LoginRow.Position {
    let table = text.count - bodies.count * Self.lineByteCount
    return text.withUnsafeBytes { EntryCacheHeader.position($0, at: table + index * Self.lineByteCount) }
  }

  /// Returns whether these are the present bodies of some names, in their order.
  func isComplete(for names: EntryNameCache) -> Bool {
    state == names.state && bodies.count == names.list.rows.count
      && names.list.rows.indices.allSatisfy { position($0) == names.position($0) }
  }
}

extension EntryBodyCache {
  /// Reads the bodies of all logins.
  ///
  /// - Parameters:
  ///   - names: the names of all logins, in whose order the bodies are.
  ///   - known: bodies of another state; those whose login has not changed are used again.
  ///   - login: reads a login.
  /// - Throws: what `login` throws.
  init(
    _ names: EntryNameCache, knowing known: EntryBodyCache?, login: (LoginRow.Position) throws -> LoginRecord
  ) throws {
    var places: [Int64: (tag: RowTag, index: Int)] = [:]
    for index in 0..<(known?.bodies.count ?? 0) {
      guard let position = known?.position(index) else { continue }
      places[position.id] = (position.tag, index)
    }
    let count = names.list.rows.count
    var text = SecretBuilder(capacity: EntryCacheHeader.byteCount + count * (96 + Self.lineByteCount))
    var table = SecretBuilder(capacity: count * Self.lineByteCount)
    EntryCacheHeader(version: Self.version, state: names.state, count: count).append(to: &text)
    for index in 0..<count {
      let position = names.position(index)
      if let known, let place = places[position.id], place.tag == position.tag {
        text.append(known.bodies[place.index])
      } else {
        text.append(EntryBody(of: try login(position)).text)
      }
      EntryCacheHeader.append(position, to: &table)
      withUnsafeBytes(of: Int64(text.count - EntryCacheHeader.byteCount).littleEndian) { table.append($0) }
    }
    text.append(table.finish())
    // In the form in which the next reader finds it.
    guard let cache = EntryBodyCache(text: text.finish()) else { throw VaultError.damaged(part: "bodies") }
    self = cache
  }
}
