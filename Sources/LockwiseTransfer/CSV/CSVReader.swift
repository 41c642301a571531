import LockwiseCore

/// Reads comma-separated values (RFC 4180) record by record.
///
/// In addition to the RFC, it accepts a byte order mark, a line feed or a carriage return alone as the end of a line, a
/// last line without an end, quotes inside of a field that does not begin with one, and empty lines, which it skips.
/// Fields without doubled quotes share the storage of the text.
package struct CSVReader: Sendable {
  private static let quote = UInt8(ascii: "\"")
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let text: SecretBytes
  private let delimiter: UInt8
  private var position: Int
  private var line = 1

  /// Begins to read a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - delimiter: the byte between two fields, in ASCII.
  /// - Throws: `CSVError.notUTF8`.
  package init(_ text: SecretBytes, delimiter: UInt8 = UInt8(ascii: ",")) throws(CSVError) {
    self.text = text
    self.delimiter = delimiter
    let (isValid, hasMark) = text.withUnsafeBytes { bytes in
      (UTF8Text.isValid(bytes), bytes.starts(with: Self.byteOrderMark))
    }
    guard isValid else { throw .notUTF8(line: Self.firstInvalidLine(of: text)) }
    position = hasMark ? Self.byteOrderMark.count : 0
  }

  /// Returns the next record; `nil` at the end.
  ///
  /// - Throws: `CSVError`. Nothing can be read after it, because it is not known where the next record begins.
  package mutating func next() throws(CSVError) -> CSVRecord? {
    while position < text.count {
      let start = line
      let fields = try record()
      // An empty line.
      if fields.count == 1, fields[0].value.isEmpty, !fields[0].isQuoted { continue }
      return CSVRecord(line: start, fields: fields)
    }
    return nil
  }

  private mutating func record() throws(CSVError) -> [CSVField] {
    var fields: [CSVField] = []
    while true {
      fields.append(try field())
      guard position < text.count else { return fields }
      let byte = self.byte(position)
      position += 1
      guard byte != delimiter else { continue }
      // A carriage return and a line feed are one end.
      if byte == 0x0D, position < text.count, self.byte(position) == 0x0A { position += 1 }
      line += 1
      return fields
    }
  }

  private mutating func field() throws(CSVError) -> CSVField {
    guard position < text.count, byte(position) == Self.quote else {
      let end = text.withUnsafeBytes { bytes in
        bytes[position...].firstIndex { $0 == delimiter || $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      }
      defer { position = end }
      return CSVField(text[position..<end], isQuoted: false)
    }
    let start = line
    var parts: [SecretBytes] = []
    position += 1
    while true {
      let end = text.withUnsafeBytes { bytes in bytes[position...].firstIndex(of: Self.quote) }
      guard let end else { throw .unclosedQuote(line: start) }
      line += lineEnds(in: position..<end)
      let isDoubled = end + 1 < text.count && byte(end + 1) == Self.quote
      // Of two quotes the first one belongs to the value.
      parts.append(text[position..<(isDoubled ? end + 1 : end)])
      position = end + (isDoubled ? 2 : 1)
      guard !isDoubled else { continue }
      if position < text.count, ![delimiter, 0x0A, 0x0D].contains(byte(position)) {
        throw .textAfterQuote(line: line)
      }
      return CSVField(parts.count == 1 ? parts[0] : .concatenating(parts))
    }
  }

  private func byte(_ position: Int) -> UInt8 { text.withUnsafeBytes { $0[position] } }

  /// Returns the number of line ends in a range, as an editor counts them.
  private func lineEnds(in range: Range<Int>) -> Int { text.withUnsafeBytes { Self.lineEnds(in: $0, range) } }

  private static func lineEnds(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
    var count = 0
    for position in range {
      switch bytes[position] {
      case 0x0A: count += 1
      case 0x0D where position + 1 == bytes.count || bytes[position + 1] != 0x0A: count += 1
      default: break
      }
    }
    return count
  }

  private static func firstInvalidLine(of text: SecretBytes) -> Int {
    text.withUnsafeBytes { bytes in
      // No sequence of UTF-8 contains a line feed.
      var start = 0
      var line = 1
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        if !UTF8Text.isValid(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { return line }
        line += lineEnds(in: bytes, start..<end)
        start = end
      }
      return line
    }
  }
}
