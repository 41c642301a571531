import LockwiseCLI
import LockwiseCore

/// The value of a `WWW-Authenticate` header field (RFC 9110 section 11.6.1), as far as a helper needs it.
enum AuthenticationChallenge {
  /// Returns the value of the first `realm` parameter; `nil` if there is none.
  static func realm(of value: String) -> String? {
    let bytes = Array(value.utf8)
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        position = skipQuoted(bytes, from: position).end
        continue
      }
      guard isNamed("realm", bytes, at: position) else {
        position += 1
        continue
      }
      position += 5
      while position < bytes.count, isBlank(bytes[position]) { position += 1 }
      guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { continue }
      position += 1
      while position < bytes.count, isBlank(bytes[position]) { position += 1 }
      guard position < bytes.count else { return "" }
      if bytes[position] == UInt8(ascii: "\"") {
        return String(decoding: skipQuoted(bytes, from: position).content, as: UTF8.self)
      }
      let end = bytes[position...].firstIndex { $0 == UInt8(ascii: ",") || isBlank($0) } ?? bytes.count
      return String(decoding: bytes[position..<end], as: UTF8.self)
    }
    return nil
  }

  /// Returns whether a parameter called `name`, and not a longer word, begins at `position`.
  private static func isNamed(_ name: StaticString, _ bytes: [UInt8], at position: Int) -> Bool {
    let length = name.utf8CodeUnitCount
    guard position + length < bytes.count else { return false }
    guard position == 0 || isBlank(bytes[position - 1]) || bytes[position - 1] == UInt8(ascii: ",") else {
      return false
    }
    return (0..<length).allSatisfy { bytes[position + $0] | 0x20 == name.utf8Start[$0] }
  }

  /// Returns the content of a quoted string (RFC 9110 section 5.6.4) and the position after it.
  private static func skipQuoted(_ bytes: [UInt8], from start: Int) -> (content: [UInt8], end: Int) {
    var content: [UInt8] = []
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
      content.append(bytes[position])
      position += 1
    }
    return (content, min(position + 1, bytes.count))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
