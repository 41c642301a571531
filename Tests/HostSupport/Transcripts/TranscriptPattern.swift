import Foundation

/// The placeholders of transcripts: values of the run, which are known, and classes of text, which are not.
struct TranscriptPattern {
  /// The names and values of the run, such as `server`.
  let values: [String: String]

  private static let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
  private static let span = "[0-9]+ (?:millisecond|second|minute|hour|day)s?"
  private static let uuid = "[{][0-9a-f]{8}-[0-9a-f-]{27}[}]"
  private static let clock = "[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?"

  /// The classes of text, and the regular expression of each.
  static let classes: [(name: String, expression: String)] = [
    ("time", "(?:\(date)(?:[ T]\(clock)(?:Z| UTC|[+-][0-9:]+)?)?|\(clock))"),
    ("guid", "(?:\(uuid)|[A-Za-z0-9_-]{12})"),
    ("ago", "(?:just now|\(span) ago)"), ("span", span),
    ("version", "[0-9]+(?:[.][0-9]+)+[-a-z0-9]*"),
    ("hex", "[0-9a-f]{8,}"),
    ("number", "[0-9]+(?:[.][0-9]+)?"),
  ]

  /// Whether a line of expected output stands for this line of output.
  func matches(_ expected: String, _ actual: String) -> Bool {
    if expected == actual { return true }
    guard expected.contains("{") || expected.contains("...") else { return false }
    guard let expression = try? NSRegularExpression(pattern: "\\A" + Self.expression(expected, values) + "\\z") else {
      return false
    }
    return expression.firstMatch(in: actual, range: NSRange(actual.startIndex..., in: actual)) != nil
  }

  /// Replaces the names in braces by the values of the run.
  func fill(_ text: String) -> String {
    values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  /// Writes a line of output as expected output: values of the run become names, and text of the classes that the
  /// expectation before used becomes their names.
  func generalize(_ actual: String, as before: [String]) -> String {
    // An exit status is always written out.
    guard TranscriptParser.argument(actual, "?") == nil else { return actual }
    var text = actual
    for (name, value) in values.sorted(by: { ($0.value.count, $0.key) > ($1.value.count, $1.key) }) {
      // A machine may be called like a word of a message.
      guard name != "host" || before.contains(where: { $0.contains("{host}") }) else { continue }
      text = text.replacing(value, with: "{\(name)}")
    }
    for (name, expression) in Self.classes where before.contains(where: { $0.contains("{\(name)}") }) {
      // The short form of a GUID looks like any word.
      let searched = name == "guid" ? Self.uuid : expression
      text = text.replacingOccurrences(of: searched, with: "{\(name)}", options: .regularExpression)
    }
    return text
  }

  private static func expression(_ expected: String, _ values: [String: String]) -> String {
    var rest = expected[...]
    var result = ""
    while !rest.isEmpty {
      if rest.hasPrefix("...") {
        result += ".*"
        rest = rest.dropFirst(3)
      } else if let match = rest.prefixMatch(of: /\{([a-z-]+)\}/), let known = known(String(match.1), values) {
        result += known
        rest = rest[match.range.upperBound...]
      } else {
        result += NSRegularExpression.escapedPattern(for: String(rest.removeFirst()))
      }
    }
    return result
  }

  private static func known(_ name: String, _ values: [String: String]) -> String? {
    if let value = values[name] { return NSRegularExpression.escapedPattern(for: value) }
    return classes.first { $0.name == name }?.expression
  }
}
