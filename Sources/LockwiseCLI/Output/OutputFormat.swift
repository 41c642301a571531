import LockwiseCore

/// The format of printed rows.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// A JSON array.
  case json
  /// One JSON value per line.
  case jsonl
  /// A table with aligned columns.
  case table
  /// Comma-separated values (RFC 4180).
  case csv
  /// Values separated by tabs; a tab, line feed, carriage return or backslash in one is written `\t`, `\n`, `\r`, `\\`.
  case tsv
}

/// One row of output.
public struct OutputRow: Sendable {
  /// One cell per column, for the formats that have columns.
  let cells: [SecretBytes]
  /// The row for the formats that are JSON.
  public let json: SecretBytes

  /// Creates a row of both forms.
  public init(cells: [SecretBytes], json: SecretBytes) {
    self.cells = cells
    self.json = json
  }

  /// Creates a row whose JSON form is an object with a member for each column.
  ///
  /// - Parameter values: name, text, and JSON of each column; without JSON it is the text as a string.
  public init(_ values: [(name: String, text: String, json: String?)]) {
    var writer = JSONObjectWriter()
    for value in values {
      if let json = value.json {
        writer.member(value.name, json: SecretBytes(utf8: json))
      } else {
        writer.member(value.name, value.text)
      }
    }
    self.init(cells: values.map { SecretBytes(utf8: $0.text) }, json: writer.finish())
  }
}
