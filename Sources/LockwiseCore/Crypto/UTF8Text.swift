/// Checks of UTF-8 text that examine eight bytes at a time.
public enum UTF8Text {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Returns whether the bytes are UTF-8 (RFC 3629).
  public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = end(ofRunIn: bytes, from: 0) { $0 & highBits }
    guard start < bytes.count else { return true }
    var decoder = UTF8()
    var rest = bytes[start...].makeIterator()
    while true {
      switch decoder.decode(&rest) {
      case .scalarValue: continue
      case .emptyInput: return true
      case .error: return false
      }
    }
  }

  /// Returns the position of the next byte that needs escaping in a JSON string (RFC 8259 section 7), a quote, a
  /// backslash or a control character; the end if there is none.
  static func endOfPlainText(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    end(ofRunIn: bytes, from: start) { word in
      zeroBytes(word ^ ones * 0x22) | zeroBytes(word ^ ones * 0x5C) | bytesBelow(0x20, word)
    }
  }

  /// Returns the position of the first byte that `marks` marks.
  ///
  /// - Parameter marks: sets the high bit of each byte of a word that ends the run. Bytes above the first marked one
  ///   may be marked wrongly.
  private static func end(
    ofRunIn bytes: UnsafeRawBufferPointer, from start: Int, _ marks: (UInt64) -> UInt64
  ) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let marked = marks(word)
      if marked != 0 { return position + marked.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < bytes.count, marks(ones * UInt64(bytes[position])) == 0 { position += 1 }
    return position
  }

  /// Returns the high bit of each byte below `limit`. The subtraction borrows into the high bit of a smaller byte;
  /// bytes whose high bit was set before are excluded.
  private static func bytesBelow(_ limit: UInt64, _ word: UInt64) -> UInt64 {
    (word &- ones * limit) & ~word & highBits
  }

  private static func zeroBytes(_ word: UInt64) -> UInt64 { bytesBelow(1, word) }
}
