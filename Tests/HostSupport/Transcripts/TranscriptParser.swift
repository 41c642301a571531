/// Reads the text of a transcript, a line at a time.
struct TranscriptParser {
  private let lines: [String]
  private var index = 0
  private var items: [Transcript.Item] = []
  private var settings: [TranscriptSetting] = []

  init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  /// Reads all lines.
  ///
  /// - Throws: `Transcript.FormatError`.
  mutating func parse() throws -> ([Transcript.Item], [TranscriptSetting]) {
    var hasSteps = false
    while index < lines.count {
      let line = lines[index]
      if let mode = Self.mode(of: line) {
        items.append(.step(try step(mode)))
        hasSteps = true
        continue
      }
      if line.hasPrefix("@ ") {
        guard !hasSteps else { throw failure("a setting after a command") }
        guard let setting = TranscriptSetting(String(line.dropFirst(2))) else { throw failure("unknown setting") }
        settings.append(setting)
      } else if !line.isEmpty, !Self.isComment(line) {
        throw failure("text that belongs to no command")
      }
      items.append(.line(line))
      index += 1
    }
    guard hasSteps else { throw failure("no command") }
    return (items, settings)
  }

  private mutating func step(_ mode: Transcript.Mode) throws -> Transcript.Step {
    let start = index
    var command = String(lines[index].dropFirst(2))
    index += 1
    while command.hasSuffix(" \\") {
      guard index < lines.count else { throw failure("a command that is continued nowhere") }
      command = String(command.dropLast()) + lines[index].drop { $0 == " " }
      index += 1
    }
    var input: [String]?
    while index < lines.count, let text = Self.argument(lines[index], "<") {
      guard mode != .terminal else { throw failure("standard input of a command at a terminal") }
      input = (input ?? []) + [text]
      index += 1
    }
    let head = Array(lines[start..<index])
    let expected = try expectation(mode)
    return Transcript.Step(
      mode: mode, number: start + 1, command: command, input: input, head: head, expected: expected)
  }

  private mutating func expectation(_ mode: Transcript.Mode) throws -> [String] {
    let start = index
    var end = index
    while index < lines.count, Self.mode(of: lines[index]) == nil, !Self.isComment(lines[index]) {
      let line = lines[index]
      if !line.isEmpty {
        guard mode != .preparation else { throw failure("output of a preparation") }
        guard mode == .terminal || Self.argument(line, "<") == nil else {
          throw failure("standard input after expected output")
        }
        guard line != "? 0" else { throw failure("the exit status 0 goes without saying") }
        end = index + 1
      }
      index += 1
    }
    // Blank lines before the next command belong to no output.
    index = end
    return Array(lines[start..<end])
  }

  private func failure(_ reason: String) -> Transcript.FormatError {
    Transcript.FormatError(number: min(index + 1, max(lines.count, 1)), reason: reason)
  }

  private static func mode(of line: String) -> Transcript.Mode? {
    guard line.dropFirst().first == " ", line.count > 2 else { return nil }
    return line.first.flatMap { Transcript.Mode(rawValue: String($0)) }
  }

  private static func isComment(_ line: String) -> Bool { argument(line, "#") != nil }

  /// What follows a mark and a blank, or the mark alone; `nil` for another line.
  static func argument(_ line: String, _ mark: Character) -> String? {
    guard line.first == mark else { return nil }
    if line.count == 1 { return "" }
    return line.dropFirst().first == " " ? String(line.dropFirst(2)) : nil
  }
}
