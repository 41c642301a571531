import LockwiseCore

/// A text `{{ lockwise://… | FILTER }}` in a template.
///
/// Blanks may be at both ends. It ends at the first `}}` that does not close a brace of the reference, such as those of
/// `${NAME}` and of a GUID, and it must end in its line. Every other `{{` is text.
struct PlaceholderText {
  /// The position in the template, with the braces.
  let range: Range<Int>
  /// The number of line feeds before it.
  let line: Int
  /// What is between the braces.
  private let content: [UInt8]

  private static let openingBrace = UInt8(ascii: "{")
  private static let closingBrace = UInt8(ascii: "}")
  private static let lineFeed: UInt8 = 0x0A

  /// Finds the first one.
  ///
  /// - Parameters:
  ///   - text: the template.
  ///   - start: where the search begins.
  ///   - line: the number of line feeds before `start`.
  /// - Returns: `nil` if there is none.
  /// - Throws: `TemplateError` if one does not end in its line.
  init?(in text: SecretBytes, from start: Int, line: Int) throws(TemplateError) {
    var line = line
    var content: [UInt8] = []
    let range: Range<Int>? = text.withUnsafeBytes { bytes in
      var position = start
      while position < bytes.count {
        if bytes[position] == Self.lineFeed {
          line += 1
        } else if bytes[position] == Self.openingBrace, let reference = Self.reference(in: bytes, at: position) {
          let end = Self.end(in: bytes, from: reference) ?? reference
          content = Array(bytes[reference..<end])
          return position..<(end == reference ? reference : end + 2)
        }
        position += 1
      }
      return nil
    }
    guard let range else { return nil }
    guard !content.isEmpty else { throw TemplateError(fault: .unterminated, line: line) }
    self.range = range
    self.line = line
    self.content = content
  }

  /// Returns the position of the reference in a placeholder; `nil` if none begins here.
  private static func reference(in bytes: UnsafeRawBufferPointer, at position: Int) -> Int? {
    guard position + 2 < bytes.count, bytes[position + 1] == openingBrace else { return nil }
    var start = position + 2
    while start < bytes.count, isBlank(bytes[start]) { start += 1 }
    return Reference.begins(bytes[start...]) ? start : nil
  }

  /// Returns the position of the `}}` that ends a placeholder; `nil` if there is none in its line.
  private static func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var depth = 0
    var position = start
    while position < bytes.count, bytes[position] != lineFeed {
      if bytes[position] == openingBrace {
        depth += 1
      } else if bytes[position] == closingBrace {
        if depth > 0 {
          depth -= 1
        } else if position + 1 < bytes.count, bytes[position + 1] == closingBrace {
          return position
        }
      }
      position += 1
    }
    return nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while let first = rest.first, isBlank(first) { rest.removeFirst() }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  /// Returns the reference with its conversions.
  ///
  /// - Parameter environment: the variables that the reference may contain.
  func placeholder(_ environment: Environment) throws(TemplateError) -> Template.Placeholder {
    let parts = separated
    var filters: [TemplateFilter] = []
    for part in parts.dropFirst() {
      let name = String(decoding: Self.trimmed(part), as: UTF8.self)
      guard let filter = TemplateFilter(rawValue: name) else {
        throw TemplateError(fault: .unknownFilter(name), line: line)
      }
      filters.append(filter)
    }
    return try Template.Placeholder(
      Array(Self.trimmed(parts[0])), needsScheme: true, filters: filters, line: line, environment)
  }

  /// The reference and its conversions, which `|` separates outside braces.
  private var separated: [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var depth = 0
    var start = 0
    for (position, byte) in content.enumerated() {
      if byte == Self.openingBrace { depth += 1 }
      if byte == Self.closingBrace, depth > 0 { depth -= 1 }
      if byte == UInt8(ascii: "|"), depth == 0 {
        parts.append(content[start..<position])
        start = position + 1
      }
    }
    return parts + [content[start...]]
  }
}
