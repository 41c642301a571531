/// A line of a text: its position, and the positions of key and value if it has the form `key: value`.
struct BodyLine {
  /// The text that contains the line.
  private let text: SecretBytes
  /// The line without its line feed.
  let range: Range<Int>
  private let key: Range<Int>
  /// The value without white space around it; empty if the line does not have the form `key: value`.
  private let valueRange: Range<Int>

  /// Examines a line of a text.
  ///
  /// The key ends at the first colon. A colon with two slashes after it is part of a URI.
  init(_ range: Range<Int>, of text: SecretBytes) {
    self.text = text
    self.range = range
    let nothing = range.upperBound..<range.upperBound
    (key, valueRange) = text.withUnsafeBytes { bytes in
      guard let colon = bytes[range].firstIndex(of: UInt8(ascii: ":")) else { return (nothing, nothing) }
      let rest = bytes[colon + 1..<range.upperBound]
      if rest.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) { return (nothing, nothing) }
      let key = Self.trimmed(range.lowerBound..<colon, of: bytes)
      return (key, Self.trimmed(colon + 1..<range.upperBound, of: bytes))
    }
  }

  /// The line without its line feed.
  var content: SecretBytes { text[range] }

  /// The value without white space around it; empty if the line does not have the form `key: value`.
  var value: SecretBytes { text[valueRange] }

  /// Returns whether the line has the form `key: value` with this key. ASCII letters match in both cases.
  func hasKey(_ wanted: String) -> Bool {
    guard !key.isEmpty, key.count == wanted.utf8.count else { return false }
    return text.withUnsafeBytes { bytes in
      zip(bytes[key], wanted.utf8).allSatisfy { Self.lowercased($0) == Self.lowercased($1) }
    }
  }

  /// Returns whether the line has the form `key: value` with exactly this key.
  func isKey(exactly wanted: String) -> Bool {
    guard !key.isEmpty else { return false }
    return text.withUnsafeBytes { $0[key].elementsEqual(wanted.utf8) }
  }

  /// Returns the whole text with another value in this line.
  func replacingValue(with value: SecretBytes) -> SecretBytes {
    .concatenating([text[0..<valueRange.lowerBound], value, text[valueRange.upperBound..<text.count]])
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Returns a range without the spaces, tabs and carriage returns at its ends.
  private static func trimmed(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    if start == end {
      // A new value goes after one space.
      let start = range.lowerBound + (!range.isEmpty && bytes[range.lowerBound] == 0x20 ? 1 : 0)
      return start..<start
    }
    while isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}

extension SecretBytes {
  /// The lines without their line feeds. A line feed at the end does not begin another line.
  package var lineRanges: [Range<Int>] {
    withUnsafeBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        ranges.append(start..<end)
        start = end + 1
      }
      return ranges
    }
  }

  /// The lines without their line feeds, which share the text's storage.
  package var lines: [SecretBytes] { lineRanges.map { self[$0] } }

  /// The text with a line feed at its end, unless it is empty.
  var endingWithLineFeed: SecretBytes {
    guard !isEmpty, self[count - 1..<count].withUnsafeBytes({ $0[0] != 0x0A }) else { return self }
    return .concatenating([self, SecretBytes(utf8: "\n")])
  }

  /// Returns whether a byte occurs.
  func contains(_ byte: UInt8) -> Bool { withUnsafeBytes { $0.contains(byte) } }

  /// Returns the first line of the form `key: value` with one of these keys.
  func firstLine(withKeyIn keys: [String]) -> BodyLine? {
    for range in lineRanges {
      let line = BodyLine(range, of: self)
      if keys.contains(where: line.hasKey) { return line }
    }
    return nil
  }
}
