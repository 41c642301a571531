/// Percent-encoding (RFC 3986 section 2.1), as git's `url.c` decodes it.
public enum PercentCoding {
  /// The bytes with each `%` and two hexadecimal digits decoded. Any other `%` stays.
  ///
  /// - Parameter decodesNUL: whether `%00` is decoded, too; git leaves it as it is.
  public static func decode(_ bytes: some Collection<UInt8>, decodesNUL: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Array(bytes)[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "%"), rest.count >= 3, let decoded = Hex.decode(rest.dropFirst().prefix(2)),
        decodesNUL || decoded != [0]
      {
        result += decoded
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// Text that stands for bytes that are not UTF-8: everything outside ASCII, and `%`, is encoded.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    var result = ""
    for byte in bytes {
      result +=
        byte < 0x80 && byte != UInt8(ascii: "%")
        ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
    }
    return result
  }
}
