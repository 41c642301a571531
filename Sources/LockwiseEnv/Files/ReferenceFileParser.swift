import LockwiseCore

/// Parses a file of references.
struct ReferenceFileParser {
  /// The text without carriage returns before line feeds.
  private let text: SecretBytes
  private var position = 0
  /// The number of the line at `position`, from 1.
  private var line = 1

  /// Makes a parser of a file.
  init(_ file: SecretBytes) {
    var builder = SecretBuilder(capacity: file.count)
    file.withUnsafeBytes { bytes in
      // A byte order mark, as editors of Windows write it.
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      for index in start..<max(start, bytes.count) {
        if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
        builder.append(bytes[index])
      }
    }
    text = builder.finish()
  }

  private typealias Failure = ReferenceFile.Failure
  private typealias Fault = ReferenceFile.Fault

  /// Returns the variables in their order.
  mutating func variables() throws(ReferenceFile.Failure) -> [ReferenceFile.Variable] {
    var variables: [ReferenceFile.Variable] = []
    while true {
      skipBlanks()
      guard let byte = current else { return variables }
      if byte == Self.lineFeed {
        advance()
      } else if byte == UInt8(ascii: "#") {
        skipLine()
      } else {
        variables.append(try variable())
      }
    }
  }

  private mutating func variable() throws(ReferenceFile.Failure) -> ReferenceFile.Variable {
    let start = line
    let name = try name()
    skipBlanks()
    let value: SecretBytes
    switch current {
    case UInt8(ascii: "'"): value = try quoted(start)
    case UInt8(ascii: "\""): value = try escaped(start)
    default: value = bare()
    }
    guard !value.withUnsafeBytes({ $0.contains(0) }) else { throw Failure(fault: .containsNUL, line: start) }
    return ReferenceFile.Variable(name: name, value: value, line: start)
  }

  /// Reads a name and the `=` after it.
  private mutating func name() throws(ReferenceFile.Failure) -> String {
    var name = word()
    if name.elementsEqual("export".utf8), let byte = current, Self.isBlank(byte) {
      skipBlanks()
      name = word()
    }
    guard current == UInt8(ascii: "="), VariableName.isValid(name) else {
      throw Failure(fault: .notAVariable, line: line)
    }
    advance()
    return String(decoding: name, as: UTF8.self)
  }

  /// Reads the bytes up to a blank, `=` or the end of the line.
  private mutating func word() -> [UInt8] {
    var bytes: [UInt8] = []
    while let byte = current, !Self.isBlank(byte), byte != Self.lineFeed, byte != UInt8(ascii: "=") {
      bytes.append(byte)
      advance()
    }
    return bytes
  }

  /// Reads the rest of a line. After `=` and a blank, `#` begins a comment.
  private mutating func bare() -> SecretBytes {
    let start = position
    var end = position
    while let byte = current, byte != Self.lineFeed {
      if byte == UInt8(ascii: "#"), isAfterBlank { break }
      advance()
      if !Self.isBlank(byte) { end = position }
    }
    skipLine()
    return text[start..<end]
  }

  private mutating func quoted(_ start: Int) throws(ReferenceFile.Failure) -> SecretBytes {
    advance()
    let begin = position
    while let byte = current, byte != UInt8(ascii: "'") { advance() }
    guard current != nil else { throw Failure(fault: .openQuote, line: start) }
    let value = text[begin..<position]
    try endLine()
    return value
  }

  private mutating func escaped(_ start: Int) throws(ReferenceFile.Failure) -> SecretBytes {
    advance()
    var value = SecretBuilder()
    while let byte = current, byte != UInt8(ascii: "\"") {
      advance()
      if byte == UInt8(ascii: "\\"), let next = current, let meaning = Self.escapes[next] {
        advance()
        value.append(meaning)
      } else {
        value.append(byte)
      }
    }
    guard current != nil else { throw Failure(fault: .openQuote, line: start) }
    try endLine()
    return value.finish()
  }

  /// Reads what follows a closing quote: nothing, or a comment after a blank.
  private mutating func endLine() throws(ReferenceFile.Failure) {
    advance()
    let hasBlank = current.map(Self.isBlank) ?? false
    skipBlanks()
    guard let byte = current, byte != Self.lineFeed else { return }
    guard hasBlank, byte == UInt8(ascii: "#") else { throw Failure(fault: .textAfterQuote, line: line) }
    skipLine()
  }

  private static let lineFeed: UInt8 = 0x0A
  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "\""): UInt8(ascii: "\""),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"),
  ]

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private var current: UInt8? { position < text.count ? text.withUnsafeBytes { $0[position] } : nil }

  private var isAfterBlank: Bool { position > 0 && Self.isBlank(text.withUnsafeBytes { $0[position - 1] }) }

  private mutating func advance() {
    if current == Self.lineFeed { line += 1 }
    position += 1
  }

  private mutating func skipBlanks() { while let byte = current, Self.isBlank(byte) { advance() } }

  private mutating func skipLine() { while let byte = current, byte != Self.lineFeed { advance() } }
}
