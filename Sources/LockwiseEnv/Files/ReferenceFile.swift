import LockwiseCore

/// A file of references: lines `NAME=VALUE`.
///
/// `export` may be before the name. A value is `'literal'`, `"with \n \t \r \" \\ escapes"`, both over several lines, or
/// the rest of the line without blanks at its ends and without a comment. `#` begins a comment at the beginning of a line
/// or after a blank. A carriage return before a line feed is dropped.
struct ReferenceFile {
  /// A variable.
  struct Variable {
    /// The name.
    let name: String
    /// The value without its quotes.
    let value: SecretBytes
    /// The number of the line in which it begins, from 1.
    let line: Int
  }

  /// The reason why a file is refused.
  enum Fault: Equatable {
    /// The line is not `NAME=VALUE`.
    case notAVariable
    /// A quote is not closed.
    case openQuote
    /// There is text after a closing quote.
    case textAfterQuote
    /// The line contains a NUL byte.
    case containsNUL

    /// The reason in a few words.
    var reason: String {
      switch self {
      case .notAVariable: "it is not NAME=VALUE, with a name of letters, digits and _"
      case .openQuote: "the quote is not closed"
      case .textAfterQuote: "there is text after the closing quote"
      case .containsNUL: "it contains a NUL byte"
      }
    }
  }

  /// A fault and its place.
  struct Failure: Error, Equatable {
    /// The fault.
    let fault: Fault
    /// The number of the line, from 1.
    let line: Int
  }

  /// The variables in their order; names can be repeated.
  let variables: [Variable]

  /// Parses a file.
  init(parsing text: SecretBytes) throws(Failure) {
    var parser = ReferenceFileParser(text)
    variables = try parser.variables()
  }
}
