import LockwiseCore

/// Lines in a file of the user between two marks, so that they can be recognised, replaced and removed.
package struct MarkedBlock: Equatable, Sendable {
  /// The name in the marks, such as `ssh`.
  let name: String
  /// The lines between the marks, without line feeds.
  let lines: [String]

  /// The line below the first mark.
  static let explanation = "# Written by lockwise-sync setup; lockwise-sync unsetup removes it."

  /// Makes a block.
  package init(name: String, lines: [String]) {
    self.name = name
    self.lines = lines
  }

  private static func begin(_ name: String) -> String { "# >>> lockwise \(name) >>>" }
  private static func end(_ name: String) -> String { "# <<< lockwise \(name) <<<" }

  /// The number of lines with the marks.
  package var lineCount: Int { lines.count + 3 }

  /// The lines with the marks, each with its line feed.
  package var text: String {
    ([Self.begin(name), Self.explanation] + lines + [Self.end(name)]).map { $0 + "\n" }.joined()
  }

  /// The state of a block in a text.
  package enum Place: Equatable, Sendable {
    /// Neither mark is there.
    case absent
    /// The range from the first mark to the line feed after the last.
    case found(Range<Int>)
    /// A mark is missing.
    case incomplete
  }

  /// Finds the first block with a name. Blanks and a carriage return may follow a mark.
  package static func find(_ name: String, in text: SecretBytes) -> Place {
    text.withUnsafeBytes { bytes in
      var start: Int?
      for line in LineRange.all(in: bytes) {
        let content = line.content(in: bytes)
        if start == nil, content.elementsEqual(begin(name).utf8) {
          start = line.range.lowerBound
        } else if content.elementsEqual(end(name).utf8) {
          guard let start else { return .incomplete }
          return .found(start..<line.range.upperBound)
        }
      }
      return start == nil ? .absent : .incomplete
    }
  }

  /// Returns the insertion that adds the block at the end of a text, after an empty line.
  package func insertion(into text: SecretBytes) -> TextInsertion {
    guard text.count > 0 else { return TextInsertion(position: 0, bytes: Array(self.text.utf8)) }
    let isEnded = text.withUnsafeBytes { $0[text.count - 1] == 0x0A }
    return TextInsertion(position: text.count, bytes: Array(((isEnded ? "\n" : "\n\n") + self.text).utf8))
  }

  /// Returns a text without the first block with a name and the empty line before it; `nil` if it has no complete one.
  package static func removing(_ name: String, from text: SecretBytes) -> SecretBytes? {
    guard case .found(let range) = find(name, in: text) else { return nil }
    let isAfterEmptyLine = text.withUnsafeBytes { bytes in
      let start = range.lowerBound
      return start > 0 && bytes[start - 1] == 0x0A && (start == 1 || bytes[start - 2] == 0x0A)
    }
    return text.removing(range.lowerBound - (isAfterEmptyLine ? 1 : 0)..<range.upperBound)
  }
}

/// A line of a text.
struct LineRange {
  /// The line with its line feed, if it has one.
  let range: Range<Int>

  /// Returns every line of a text.
  static func all(in text: UnsafeRawBufferPointer) -> [LineRange] {
    var lines: [LineRange] = []
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
      lines.append(LineRange(range: start..<end))
      start = end
    }
    return lines
  }

  /// Returns the line without blanks and line feeds around it.
  func content(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer.SubSequence {
    let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    var line = text[range].drop(while: isBlank)
    while let last = line.last, isBlank(last) { line.removeLast() }
    return line
  }
}
