/// The reason why a text is not comma-separated values. It contains nothing of the text.
package enum CSVError: Error, Equatable, Sendable {
  /// The text is not UTF-8 from this line on.
  case notUTF8(line: Int)
  /// The quote that begins a field in this line is never closed.
  case unclosedQuote(line: Int)
  /// In this line, something follows a closing quote in the same field.
  case textAfterQuote(line: Int)
}

extension CSVError: CustomStringConvertible {
  /// A short phrase for messages.
  package var description: String {
    switch self {
    case .notUTF8(let line): "line \(line) is not UTF-8"
    case .unclosedQuote(let line): "the quote in line \(line) is not closed"
    case .textAfterQuote(let line): "line \(line) has text after a closing quote"
    }
  }
}
