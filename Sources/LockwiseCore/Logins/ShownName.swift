/// The form in which entry names are shown and compared.
///
/// A name is a path. Bytes that would steer a terminal, and slashes that would make a part of the path empty, `.` or
/// `..`, are shown as `%` and two hexadecimal digits. A `%` itself stays as it is, so a shown name is its own shown form.
/// What the user types is brought into this form and never decoded.
enum ShownName {
  /// The most slashes of a name that separate its parts. Further ones are escaped: the text of a tree grows with the
  /// square of its depth, and a server chooses user names.
  static let mostLevels = 128

  /// Returns the shown form of a name.
  static func of(_ raw: String) -> String {
    var raw = raw
    return raw.withUTF8 { bytes in
      if isShown(bytes) { return String(decoding: bytes, as: UTF8.self) }
      var shown: [UInt8] = []
      append(bytes, to: &shown)
      return String(decoding: shown, as: UTF8.self)
    }
  }

  /// Returns a typed name in the form in which names are compared: without leading slashes, escaped.
  static func typed(_ text: String) -> String { of(String(withoutLeadingSlashes(text))) }

  /// Returns a typed name without its leading slashes, with which front ends mark the root.
  static func withoutLeadingSlashes(_ text: String) -> Substring {
    Substring(text.utf8.drop { $0 == slash })
  }

  /// Returns whether a name is its own shown form.
  static func isShown(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !raw.isEmpty, raw[0] != slash, !isBadPart(raw, at: 0) else { return raw.isEmpty }
    var levels = 0
    for index in 0..<raw.count {
      let byte = raw[index]
      if byte == slash {
        levels += 1
        if levels > mostLevels || isBadPart(raw, at: index + 1) { return false }
      } else if escapedCount(raw, at: index) > 0 {
        return false
      }
    }
    return true
  }

  /// Appends the shown form of a name.
  static func append(_ raw: UnsafeBufferPointer<UInt8>, to shown: inout [UInt8]) {
    // The first part has no slash before it, so the one after it is escaped.
    var escapesNextSlash = isBadPart(raw, at: 0)
    if escapesNextSlash, !raw.isEmpty, !raw.contains(slash) {
      shown += PercentEncoding.sequence(for: raw[0])
      shown += raw.dropFirst()
      return
    }
    var levels = 0
    var index = 0
    while index < raw.count {
      let byte = raw[index]
      var escaped = 0
      if byte == slash {
        escaped = escapesNextSlash || levels >= mostLevels || isBadPart(raw, at: index + 1) ? 1 : 0
        escapesNextSlash = false
        levels += 1 - escaped
      } else {
        escaped = escapedCount(raw, at: index)
      }
      if escaped == 0 { shown.append(byte) }
      for offset in 0..<escaped { shown += PercentEncoding.sequence(for: raw[index + offset]) }
      index += max(1, escaped)
    }
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// Returns whether the part that begins at `start` is empty, `.` or `..`.
  private static func isBadPart(_ raw: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    func ends(_ index: Int) -> Bool { index >= raw.count || raw[index] == slash }
    if ends(start) { return true }
    guard raw[start] == dot else { return false }
    return ends(start + 1) || (raw[start + 1] == dot && ends(start + 2))
  }

  /// Returns the number of bytes of the character at `index` if it is escaped, else 0: a control character, a line or
  /// paragraph separator, or a control of the writing direction, with which one name can look like another.
  private static func escapedCount(_ raw: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    func byte(_ offset: Int) -> UInt8 { index + offset < raw.count ? raw[index + offset] : 0 }
    switch raw[index] {
    case 0...0x1F, 0x7F: return 1
    case 0xC2: return (0x80...0x9F).contains(byte(1)) ? 2 : 0
    case 0xE2:
      // U+2028 to U+202E and U+2066 to U+2069.
      if byte(1) == 0x80, (0xA8...0xAE).contains(byte(2)) { return 3 }
      return byte(1) == 0x81 && (0xA6...0xA9).contains(byte(2)) ? 3 : 0
    default: return 0
    }
  }
}
