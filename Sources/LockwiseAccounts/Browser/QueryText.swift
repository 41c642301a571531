import LockwiseCore

/// The query of a URL as forms write it (RFC 3986 section 3.4; WHATWG URL, "application/x-www-form-urlencoded").
enum QueryText {
  /// The pairs of a query, decoded, `+` as a space; `nil` for a broken percent escape.
  static func pairs(_ query: SecretBytes) -> [(name: SecretBytes, value: SecretBytes)]? {
    var pairs: [(SecretBytes, SecretBytes)] = []
    for piece in split(query, at: UInt8(ascii: "&")) where !piece.isEmpty {
      let equals = piece.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "=")) } ?? piece.count
      guard let name = decode(piece[0..<equals]),
        let value = decode(piece[min(equals + 1, piece.count)..<piece.count])
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  private static func split(_ text: SecretBytes, at separator: UInt8) -> [SecretBytes] {
    var ends = text.withUnsafeBytes { bytes in bytes.indices.filter { bytes[$0] == separator } }
    ends.append(text.count)
    var start = 0
    return ends.map { end in
      defer { start = end + 1 }
      return text[start..<end]
    }
  }

  private static func decode(_ text: SecretBytes) -> SecretBytes? {
    var builder = SecretBuilder(capacity: text.count)
    var index = 0
    while index < text.count {
      let byte = text.withUnsafeBytes { $0[index] }
      switch byte {
      case UInt8(ascii: "+"): builder.append(0x20)
      case UInt8(ascii: "%"):
        guard index + 2 < text.count, let escape = Hex.decode(text[index + 1..<index + 3]) else { return nil }
        builder.append(escape)
        index += 2
      default: builder.append(byte)
      }
      index += 1
    }
    return builder.finish()
  }
}
