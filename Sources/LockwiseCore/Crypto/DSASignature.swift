/// The two numbers of a DSA signature.
struct DSASignature: Equatable, Sendable {
  /// r, big-endian, without leading zeros.
  let r: [UInt8]
  /// s, big-endian, without leading zeros.
  let s: [UInt8]

  /// Reads `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279 section 2.2.2) in DER (X.690). Both numbers must be positive
  /// and nothing may follow them.
  ///
  /// - Parameter encoded: at most 129 bytes, enough for a q of 256 bits.
  /// - Returns: `nil` if it is not a signature in strict DER.
  init?(encoded: [UInt8]) {
    var rest = encoded[...]
    guard let sequence = Self.element(0x30, &rest), rest.isEmpty else { return nil }
    rest = sequence
    guard let r = Self.integer(&rest), let s = Self.integer(&rest), rest.isEmpty else { return nil }
    self.r = r
    self.s = s
  }

  /// Returns r followed by s, each padded with leading zeros to `count` bytes; `nil` if one of them is longer.
  func halves(of count: Int) -> [UInt8]? {
    guard r.count <= count, s.count <= count else { return nil }
    return [r, s].flatMap { [UInt8](repeating: 0, count: count - $0.count) + $0 }
  }

  /// Consumes an element whose length has the short form, one byte (X.690 section 8.1.3.4).
  private static func element(_ tag: UInt8, _ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.popFirst() == tag, let count = bytes.popFirst(), count < 0x80, bytes.count >= Int(count) else {
      return nil
    }
    defer { bytes = bytes.dropFirst(Int(count)) }
    return bytes.prefix(Int(count))
  }

  /// Consumes a positive number. A leading zero is allowed only before a byte with its highest bit set.
  private static func integer(_ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard var content = element(0x02, &bytes), let first = content.first, first < 0x80 else { return nil }
    if first == 0 {
      content = content.dropFirst()
      guard let next = content.first, next >= 0x80 else { return nil }
    }
    return Array(content)
  }
}
