import Foundation

/// The variants of base 64 that the protocols use.
enum Base64 {
  static func standard(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// base64url with padding, as tokenlib writes it.
  static func urlPadded(_ bytes: some Sequence<UInt8>) -> String {
    standard(bytes).replacing("+", with: "-").replacing("/", with: "_")
  }

  /// base64url without padding (RFC 7515).
  static func url(_ bytes: some Sequence<UInt8>) -> String { urlPadded(bytes).replacing("=", with: "") }

  static func decodeStandard(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

  /// Decodes base64url with or without padding; refuses characters of the standard alphabet.
  static func decodeURL(_ text: String) -> [UInt8]? {
    guard !text.contains("+"), !text.contains("/") else { return nil }
    var standard = text.replacing("-", with: "+").replacing("_", with: "/")
    if !standard.hasSuffix("=") {
      standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    }
    return decodeStandard(standard)
  }
}
