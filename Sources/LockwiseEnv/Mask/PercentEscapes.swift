import LockwiseCore

/// The escapes that programs write in percent-encoded bytes (RFC 3986 section 2.1).
struct PercentEscapes {
  /// The characters that stay, apart from letters and digits.
  private let kept: StaticString
  /// Whether a space becomes `+` (application/x-www-form-urlencoded).
  private let isForm: Bool
  private let digits: StaticString

  private static let upperCase: StaticString = "0123456789ABCDEF"
  private static let lowerCase: StaticString = "0123456789abcdef"

  /// The escapes of the common encoders, each with upper-case and lower-case digits.
  static let styles: [PercentEscapes] = [upperCase, lowerCase].flatMap { digits in
    [
      // All but unreserved characters (RFC 3986 section 2.3): PHP's rawurlencode, curl, jq's @uri.
      PercentEscapes(kept: "-._~", isForm: false, digits: digits),
      // Python's quote.
      PercentEscapes(kept: "-._~/", isForm: false, digits: digits),
      // JavaScript's encodeURIComponent.
      PercentEscapes(kept: "-._~!*'()", isForm: false, digits: digits),
      // Forms: URLSearchParams and Java, Python and Go, PHP.
      PercentEscapes(kept: "*-._", isForm: true, digits: digits),
      PercentEscapes(kept: "-._~", isForm: true, digits: digits),
      PercentEscapes(kept: "-._", isForm: true, digits: digits),
    ]
  }

  /// Appends the encoded bytes to `output`.
  func write(_ bytes: UnsafeRawBufferPointer, to output: WipedArray<UInt8>) {
    for byte in bytes {
      if keeps(byte) {
        output.append(byte)
      } else if isForm, byte == UInt8(ascii: " ") {
        output.append(UInt8(ascii: "+"))
      } else {
        output.append(UInt8(ascii: "%"))
        output.append(digits.utf8Start[Int(byte >> 4)])
        output.append(digits.utf8Start[Int(byte & 15)])
      }
    }
  }

  private func keeps(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: kept.contains(byte)
    }
  }
}

extension StaticString {
  /// Returns whether the text has an ASCII character.
  func contains(_ byte: UInt8) -> Bool {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount).contains(byte)
  }
}
