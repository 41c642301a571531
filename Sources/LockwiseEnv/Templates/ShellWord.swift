import LockwiseCore

/// A word in single quotes, in which every byte but few means itself.
struct ShellWord: Sendable {
  /// What stands for the bytes that end the quotes, or that escape.
  private let escapes: [(byte: UInt8, text: String)]

  /// For POSIX shells ("Single-Quotes"): a quote ends the quotes, is escaped, and begins them again.
  static let posix = ShellWord(escapes: [(UInt8(ascii: "'"), "'\\''")])
  /// For fish: only a backslash and a quote are special.
  static let fish = ShellWord(escapes: [(UInt8(ascii: "'"), "\\'"), (UInt8(ascii: "\\"), "\\\\")])
  /// For elvish: a quote is doubled.
  static let elvish = ShellWord(escapes: [(UInt8(ascii: "'"), "''")])

  /// Returns a text in quotes.
  func quote(_ text: SecretBytes) -> SecretBytes {
    var builder = SecretBuilder(capacity: text.count + 16)
    builder.append(UInt8(ascii: "'"))
    text.withUnsafeBytes { bytes in
      var start = 0
      for position in 0..<bytes.count {
        guard let escape = escapes.first(where: { $0.byte == bytes[position] }) else { continue }
        builder.append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
        builder.append(escape.text)
        start = position + 1
      }
      builder.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
    builder.append(UInt8(ascii: "'"))
    return builder.finish()
  }
}
