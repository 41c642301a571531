/// Writes what a program showed in the notation of a transcript.
enum TranscriptText {
  /// The lines of a run without a terminal.
  static func lines(of run: Run) -> [String] {
    var result = block(run.output).map { escape($0, marks: "$%+#!?<@") }
    result += block(run.error).map { $0.isEmpty ? "!" : "! " + escapeEnd($0) }
    switch run.ending {
    case .exited(0): break
    case .exited(let status): result.append("? \(status)")
    case .killed(let signal): result.append("? signal \(signal)")
    }
    return result
  }

  /// The lines of a text. Blank lines at its end are written as `\`, and a missing line feed is named.
  static func block(_ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { visible($0) }
    let isComplete = lines.last == ""
    if isComplete { lines.removeLast() }
    var result = lines
    for index in result.indices.reversed() {
      guard result[index].isEmpty else { break }
      result[index] = "\\"
    }
    return isComplete ? result : result + ["\\ no line feed at the end"]
  }

  /// Puts a backslash before a line that begins as a line of the format does, and behind one that ends in a blank.
  static func escape(_ line: String, marks: String) -> String {
    if line == "\\" || line == "\\ no line feed at the end" { return line }
    let isMarked = line.first.map { marks.contains($0) } ?? false
    let isSpecial = isMarked && (line.count == 1 || line.dropFirst().first == " ")
    return escapeEnd(isSpecial || line.hasPrefix("\\") ? "\\" + line : line)
  }

  private static func escapeEnd(_ line: String) -> String {
    line.count > 1 && (line.hasSuffix(" ") || line.hasSuffix("\\")) ? line + "\\" : line
  }

  /// Makes control characters visible.
  static func visible(_ line: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in line {
      switch scalar.value {
      case 0x09, 0x20..<0x7F, 0xA0...: result.unicodeScalars.append(scalar)
      default: result += "\\x" + String(scalar.value, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
