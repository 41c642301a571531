import LockwiseCore

/// Splits a `.netrc` into words.
struct NetrcScanner {
  /// A word.
  struct Word {
    /// The line in which it begins, from 1.
    let line: Int
    /// The text without its quotes.
    let text: SecretBytes
    /// The text if it was not in quotes, so that it may be a keyword.
    let plain: String?
  }

  private let text: SecretBytes
  private var position = 0
  private var line = 1

  init(_ text: SecretBytes) { self.text = text }

  /// Returns the next word; `nil` at the end. A word in quotes may contain white space and `\"`, `\\`, `\n`, `\r`, `\t`,
  /// as curl reads it. A `#` at the beginning of a line begins a comment.
  mutating func word() -> Word? {
    skipSpace()
    guard let first = byte else { return nil }
    let start = line
    var builder = SecretBuilder()
    let isQuoted = first == UInt8(ascii: "\"")
    if isQuoted { advance() }
    while let next = byte {
      if isQuoted ? next == UInt8(ascii: "\"") : Self.isSpace(next) { break }
      advance()
      if isQuoted, next == UInt8(ascii: "\\"), let escaped = byte {
        builder.append(Self.escaped(escaped))
        advance()
      } else {
        builder.append(next)
      }
    }
    if isQuoted { advance() }
    let text = builder.finish()
    return Word(line: start, text: text, plain: isQuoted ? nil : text.exposedText())
  }

  /// Moves past a macro, which ends with an empty line.
  mutating func skipMacro() {
    while byte != nil {
      skipLine()
      if byte == nil || byte == 0x0A { return }
    }
  }

  private var byte: UInt8? { position < text.count ? text.withUnsafeBytes { $0[position] } : nil }

  private mutating func advance() {
    if byte == 0x0A { line += 1 }
    position += 1
  }

  private mutating func skipLine() {
    while let next = byte {
      advance()
      if next == 0x0A { return }
    }
  }

  private mutating func skipSpace() {
    while let next = byte {
      let isLineStart = position == 0 || text.withUnsafeBytes { $0[position - 1] == 0x0A }
      if isLineStart, next == UInt8(ascii: "#") {
        skipLine()
      } else if Self.isSpace(next) {
        advance()
      } else {
        return
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func escaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: byte
    }
  }
}
