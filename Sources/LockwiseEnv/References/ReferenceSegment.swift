import LockwiseCore

/// A segment of a reference, decoded.
struct ReferenceSegment: Equatable {
  /// The text before `#`.
  let text: String
  /// The digits of a GUID after `#`, not empty; `nil` if there are none.
  let digits: String?

  /// Decodes a segment.
  init(_ segment: ArraySlice<UInt8>) throws(ReferenceError) {
    let parts = segment.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || !parts[1].isEmpty else { throw .numberSign }
    text = try Self.decode(parts[0])
    digits = if parts.count == 2 { try Self.decode(parts[1]) } else { nil }
  }

  /// The text of a segment that no digits may follow.
  ///
  /// - Throws: `ReferenceError.numberSign` if there are digits.
  var withoutDigits: String {
    get throws(ReferenceError) {
      guard digits == nil else { throw .numberSign }
      return text
    }
  }

  private static func decode(_ bytes: ArraySlice<UInt8>) throws(ReferenceError) -> String {
    guard !bytes.contains(UInt8(ascii: "?")) else { throw .questionMark }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard rest.count >= 2, let octet = Hex.decode(rest.prefix(2))?.first else { throw .lonePercentSign }
      rest = rest.dropFirst(2)
      decoded.append(octet)
    }
    guard !decoded.contains(0) else { throw .containsNUL }
    guard decoded.withUnsafeBytes(UTF8Text.isValid) else { throw .notUTF8 }
    return String(decoding: decoded, as: UTF8.self)
  }
}
