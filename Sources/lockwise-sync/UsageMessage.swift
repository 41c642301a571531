/// The argument parser's message in the suite's form.
struct UsageMessage {
  /// The error: one line, lower case, without a full stop.
  let error: String
  /// The suggestion.
  let hint: String?

  /// Parses a message such as `Unknown option '--quite'. Did you mean '--quiet'?`.
  init(_ message: String) {
    let line = message.split(separator: "\n").map { $0.trimmingCharacters(" ") }.joined(separator: " ")
    let parts = line.components("Did you mean ")
    var text = parts[0].trimmingCharacters(" ")
    while text.last == "." { text.removeLast() }
    error = Self.lowered(text)
    hint = parts.count > 1 ? "did you mean " + parts[1].trimmingCharacters(" ") : nil
  }

  /// A name in capitals is kept.
  private static func lowered(_ text: String) -> String {
    guard let first = text.first, let second = text.dropFirst().first, !second.isUppercase else { return text }
    return first.lowercased() + text.dropFirst()
  }
}

extension StringProtocol {
  fileprivate func trimmingCharacters(_ character: Character) -> String {
    var rest = self[...]
    while rest.first == character { rest.removeFirst() }
    while rest.last == character { rest.removeLast() }
    return String(rest)
  }

  /// The text before and after the first `separator`; one part if there is none.
  fileprivate func components(_ separator: String) -> [String] {
    guard let range = self.firstRange(of: separator) else { return [String(self)] }
    return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
  }
}
