import Foundation

/// A command of a transcript at a terminal: types its lines when their prompts appear, and writes down the screen.
struct TranscriptTerminal {
  /// A line to type.
  struct Entry {
    /// The prompt before it; `nil` where the transcript has none, or dots.
    let prompt: String?
    /// The text as the transcript has it.
    let source: String
    /// Whether the transcript has it as echoed (`>`) or as hidden (`*`).
    let mark: Character
  }

  private let terminal: PseudoTerminal
  private let pattern: TranscriptPattern
  /// How long an unexpected prompt may stand before the next line is typed all the same, in seconds.
  private static let patience = 3.0

  init(_ program: String, _ arguments: [String], environment: [String: String], pattern: TranscriptPattern) throws {
    terminal = try PseudoTerminal(program, arguments, environment: environment)
    self.pattern = pattern
  }

  /// The lines to type that expected output holds.
  static func entries(_ expected: [String]) -> [Entry] {
    var entries: [Entry] = []
    var before: String?
    for line in expected {
      if let mark = [">", "*"].first(where: { TranscriptParser.argument(line, $0) != nil }) {
        entries.append(
          Entry(prompt: before, source: TranscriptParser.argument(line, mark) ?? "", mark: mark))
        before = nil
      } else {
        before = line == "..." ? nil : line
      }
    }
    return entries
  }

  /// Types the entries and waits for the end.
  ///
  /// - Parameter resolve: gives the text to type for the text of the transcript.
  /// - Returns: the lines of the transcript, as they should be for what was shown.
  /// - Throws: `TimeIsOver`.
  func run(_ entries: [Entry], resolve: (String) throws -> String) throws -> [String] {
    var typed: [(entry: Entry, text: String, position: Int)] = []
    for entry in entries {
      let start = typed.last?.position
      let isWaiting = try terminal.await { shown, silence in
        let since = start.map { shown.dropFirst($0) } ?? shown[...]
        // What was typed before has been read only when its line has ended.
        guard start == nil || since.contains(where: \.isNewline) else { return false }
        let line = Self.lastLine(since)
        guard !line.isEmpty else { return false }
        return silence > Self.patience || entry.prompt.map { pattern.matches($0, line) } ?? false
      }
      guard isWaiting else { break }
      let text = try resolve(entry.source)
      typed.append((entry, text, terminal.characters.count))
      terminal.send(Self.keys(text))
    }
    let outcome = try terminal.finish()
    // `PseudoTerminal` ends the last line, whether the program did or not.
    let shown = terminal.characters
    let isEnded = shown.last?.isNewline ?? false
    return Self.lines(of: outcome, shown: Array(isEnded ? shown.dropLast() : shown[...]), typed: typed)
  }

  /// `^C` and `^D` at the end are keys, and end the line themselves.
  private static func keys(_ text: String) -> String {
    let key = ["^C": "\u{3}", "^D": "\u{4}"][text.suffix(2)] ?? "\r"
    return withoutKey(text) + key
  }

  private static func withoutKey(_ text: String) -> String {
    text.hasSuffix("^C") || text.hasSuffix("^D") ? String(text.dropLast(2)) : text
  }

  private static func lastLine(_ shown: ArraySlice<Character>) -> String {
    trimmed(String(shown[(shown.lastIndex { $0.isNewline }.map { $0 + 1 } ?? shown.startIndex)...]))
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func lines(
    of outcome: PseudoTerminal.Outcome, shown: [Character], typed: [(entry: Entry, text: String, position: Int)]
  ) -> [String] {
    var result: [String] = []
    var start = 0
    for (index, item) in typed.enumerated() {
      result += block(shown[start..<item.position], isLast: false)
      start = item.position
      let end = index + 1 < typed.count ? typed[index + 1].position : shown.count
      let rest = shown[start..<end]
      // A key that ends the line may be echoed or not.
      let text = [item.text, withoutKey(item.text)].first { rest.starts(with: $0) }
      // An empty line looks the same with and without echo.
      let mark = text == "" ? item.entry.mark : text == nil ? "*" : ">"
      result.append(item.entry.source.isEmpty ? String(mark) : "\(mark) \(item.entry.source)")
      start += text?.count ?? 0
      if start < shown.count, shown[start].isNewline { start += 1 }
    }
    result += block(shown[min(start, shown.count)...], isLast: true)
    if outcome.status != 0 { result.append("? \(outcome.status)") }
    if !outcome.isRestored { result.append("? the terminal is left without echo") }
    return result
  }

  private static func block(_ shown: ArraySlice<Character>, isLast: Bool) -> [String] {
    guard !shown.isEmpty else { return [] }
    var lines = shown.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { trimmed(TranscriptText.visible(String($0).unicodeScalars)) }
    if lines.last == "" { lines.removeLast() }
    if isLast {
      for index in lines.indices.reversed() {
        guard lines[index].isEmpty else { break }
        lines[index] = "\\"
      }
    }
    return lines.map { TranscriptText.escape($0, marks: "$%+#?>*@") }
  }
}
