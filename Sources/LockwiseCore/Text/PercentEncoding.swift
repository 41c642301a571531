/// Percent-encoding (RFC 3986 section 2.1).
public enum PercentEncoding {
  /// Encodes every byte that is not an unreserved character (RFC 3986 section 2.3): nothing on the way has a reason to
  /// change the result.
  ///
  /// - Parameter others: further ASCII characters that stay as they are.
  public static func encode(_ text: String, keeping others: String = "") -> String {
    encode(text.utf8) { !isUnreserved($0) && !others.utf8.contains($0) }
  }

  /// Encodes every byte of a secret that is not an unreserved character (RFC 3986 section 2.3).
  package static func encode(_ secret: SecretBytes) -> SecretBytes {
    var builder = SecretBuilder(capacity: secret.count + 64)
    secret.withUnsafeBytes { bytes in
      for byte in bytes {
        if isUnreserved(byte) { builder.append(byte) } else { for unit in sequence(for: byte) { builder.append(unit) } }
      }
    }
    return builder.finish()
  }

  /// Encodes the bytes that a condition selects, with upper-case digits.
  ///
  /// - Parameter isEncoded: true for every byte outside ASCII.
  public static func encode(_ bytes: some Collection<UInt8>, where isEncoded: (UInt8) -> Bool) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      guard isEncoded(byte) else {
        result.append(byte)
        continue
      }
      result += sequence(for: byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The `%` and the two upper-case digits that encode a byte.
  public static func sequence(for byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "%")] + Hex.encode([byte]).uppercased().utf8
  }

  /// Text for bytes that are not UTF-8: everything outside ASCII, and `%`, is encoded.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    encode(bytes) { $0 >= 0x80 || $0 == UInt8(ascii: "%") }
  }

  /// The bytes with each `%` and two hexadecimal digits decoded. Any other `%` stays, as in git's `url.c`.
  ///
  /// - Parameter decodesNUL: whether `%00` is decoded; git leaves it as it is.
  public static func decode(_ bytes: some Collection<UInt8>, decodesNUL: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    // Array(bytes) alone is not specialized for callers in other modules.
    let bytes = bytes.withContiguousStorageIfAvailable { Array($0) } ?? Array(bytes)
    var position = 0
    while position < bytes.count {
      if let byte = bytes.withUnsafeBytes({ octet(in: $0, at: position) }), decodesNUL || byte != 0 {
        result.append(byte)
        position += 3
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }

  /// The byte that a `%` at a position and the two digits after it encode; `nil` if there is no such sequence.
  public static func octet(in bytes: UnsafeRawBufferPointer, at position: Int) -> UInt8? {
    guard bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count else { return nil }
    return Hex.decode(bytes[position + 1...position + 2])?.first
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
