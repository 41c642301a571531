/// The order of names in a list.
enum EntryOrder {
  /// The text after each name in the storage: the suffix of pass's files, and NUL.
  static let suffix: [UInt8] = Array(".gpg".utf8) + [0]

  /// Returns the place of a byte among others. No name contains a control character.
  private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 1 : byte }

  /// Returns whether one name sorts before another; `nil` if they are equal.
  static func precedes(_ left: String, _ right: String) -> Bool? {
    var (left, right) = (left, right)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        var common = 0
        while common < left.count, common < right.count, left[common] == right[common] { common += 1 }
        if common == left.count, common == right.count { return nil }
        func byte(_ name: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8 {
          index < name.count ? name[index] : suffix[index - name.count]
        }
        while byte(left, common) == byte(right, common) { common += 1 }
        return rank(byte(left, common)) < rank(byte(right, common))
      }
    }
  }

  /// Returns whether one name sorts before another.
  static func precedes(_ left: EntryList.Row, _ right: EntryList.Row, _ storage: UnsafeRawBufferPointer) -> Bool {
    let count = Int(min(left.nameCount, right.nameCount)) + suffix.count
    let (a, b) = (Int(left.name), Int(right.name))
    var offset = 0
    while offset + 8 <= count {
      let x = storage.loadUnaligned(fromByteOffset: a + offset, as: UInt64.self)
      let y = storage.loadUnaligned(fromByteOffset: b + offset, as: UInt64.self)
      if x != y {
        offset += (UInt64(littleEndian: x) ^ UInt64(littleEndian: y)).trailingZeroBitCount / 8
        return rank(storage[a + offset]) < rank(storage[b + offset])
      }
      offset += 8
    }
    while offset < count {
      if storage[a + offset] != storage[b + offset] {
        return rank(storage[a + offset]) < rank(storage[b + offset])
      }
      offset += 1
    }
    return false
  }

  /// Returns whether a name and its suffix sort before a text that could be the beginning of a name.
  static func precedes(_ row: EntryList.Row, _ text: [UInt8], _ storage: UnsafeRawBufferPointer) -> Bool {
    let end = Int(row.nameCount) + suffix.count
    for (offset, byte) in text.enumerated() {
      guard offset < end else { return true }
      let other = storage[Int(row.name) + offset]
      if other != byte { return rank(other) < rank(byte) }
    }
    return false
  }

  /// Returns whether a name begins with a text.
  static func begins(_ row: EntryList.Row, with text: [UInt8], _ storage: UnsafeRawBufferPointer) -> Bool {
    Int(row.nameCount) >= text.count
      && storage[Int(row.name)..<Int(row.name) + text.count].elementsEqual(text)
  }

  /// Returns whether two names consist of the same bytes.
  static func isSameName(_ left: EntryList.Row, _ right: EntryList.Row, _ storage: UnsafeRawBufferPointer) -> Bool {
    left.nameCount == right.nameCount
      && storage[Int(left.name)..<Int(left.name + left.nameCount)].elementsEqual(
        storage[Int(right.name)..<Int(right.name + right.nameCount)])
  }
}
