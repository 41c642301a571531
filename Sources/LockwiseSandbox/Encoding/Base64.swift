import Foundation

/// The variants of base64 that the protocols use (RFC 4648).
enum Base64 {
  /// Encodes bytes with the standard alphabet and padding.
  static func standard(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// Encodes bytes as base64url with padding, as tokenlib does.
  static func urlPadded(_ bytes: some Sequence<UInt8>) -> String {
    standard(bytes).replacing("+", with: "-").replacing("/", with: "_")
  }

  /// Encodes bytes as base64url without padding (RFC 7515 section 2).
  static func url(_ bytes: some Sequence<UInt8>) -> String { urlPadded(bytes).replacing("=", with: "") }

  /// Decodes the standard alphabet with padding; nil for anything else.
  static func decodeStandard(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

  /// Decodes base64url with or without padding; nil for anything else, including the standard alphabet.
  static func decodeURL(_ text: String) -> [UInt8]? {
    guard !text.contains("+"), !text.contains("/") else { return nil }
    var standard = text.replacing("-", with: "+").replacing("_", with: "/")
    if !standard.hasSuffix("=") {
      standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    }
    return decodeStandard(standard)
  }
}
