import LockwiseCore

/// Encodes rows page by page, as a pure function of the rows so far.
public struct RowEncoder {
  private let format: OutputFormat
  private let columns: [String]
  private let width: Int?
  private let mayHoldFormulas: Bool
  private var isFirst = true

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - format: the form of the output.
  ///   - columns: the columns' names.
  ///   - width: the most characters in a line of a table; `nil` for any number.
  ///   - mayHoldFormulas: whether a cell of CSV or TSV may contain what a spreadsheet treats as a formula. If not, `'`
  ///     is put before it.
  public init(format: OutputFormat, columns: [String], width: Int? = nil, mayHoldFormulas: Bool = false) {
    self.format = format
    self.columns = columns
    self.width = width
    self.mayHoldFormulas = mayHoldFormulas
  }

  /// Returns the text before all rows.
  public func begin() -> SecretBytes {
    let names = columns.map { SecretBytes(utf8: $0) }
    return switch format {
    case .json: SecretBytes(utf8: "[")
    case .jsonl, .table: SecretBytes(utf8: "")
    case .csv, .tsv: line(names)
    }
  }

  /// Returns the text of some rows. The columns of a table are aligned again each time.
  public mutating func rows(_ rows: [OutputRow]) -> SecretBytes {
    var builder = SecretBuilder(capacity: 4096)
    switch format {
    case .json:
      for row in rows {
        builder.append(isFirst ? "\n" : ",\n")
        builder.append(row.json)
        isFirst = false
      }
    case .jsonl:
      for row in rows {
        appendOneLine(row.json, to: &builder)
        builder.append("\n")
      }
    case .csv, .tsv: for row in rows { builder.append(line(row.cells)) }
    case .table:
      let texts = rows.map { row in row.cells.map { PrintableText.of($0.exposedText() ?? "") } }
      for line in TextTable.lines((isFirst ? [columns.map { $0.uppercased() }] : []) + texts) {
        builder.append(cut(line) + "\n")
      }
      isFirst = false
    }
    return builder.finish()
  }

  /// Returns the text after all rows.
  public func end() -> SecretBytes {
    SecretBytes(utf8: format == .json ? (isFirst ? "]\n" : "\n]\n") : "")
  }

  private func cut(_ line: String) -> String {
    guard let width, width > 0, line.count > width else { return line }
    return line.prefix(width - 1) + "…"
  }

  /// Whitespace between the tokens of JSON may contain line ends; strings cannot (RFC 8259 section 7).
  private func appendOneLine(_ json: SecretBytes, to builder: inout SecretBuilder) {
    json.withUnsafeBytes { bytes in
      for byte in bytes { builder.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
    }
  }

  private func line(_ cells: [SecretBytes]) -> SecretBytes {
    var builder = SecretBuilder()
    for (index, cell) in cells.enumerated() {
      if index > 0 { builder.append(format == .csv ? UInt8(ascii: ",") : 0x09) }
      let isFormula = !mayHoldFormulas && SpreadsheetFormula.begins(cell)
      let text = isFormula ? SecretBytes.concatenating([SecretBytes(utf8: "'"), cell]) : cell
      if format == .csv { appendCSV(text, to: &builder) } else { appendTSV(text, to: &builder) }
    }
    builder.append(format == .csv ? "\r\n" : "\n")
    return builder.finish()
  }

  private func appendCSV(_ cell: SecretBytes, to builder: inout SecretBuilder) {
    cell.withUnsafeBytes { bytes in
      // Spreadsheets separate cells by semicolons in some countries, and by tabs in the clipboard.
      let mustQuote = bytes.contains { [0x22, 0x2C, 0x0A, 0x0D, 0x3B, 0x09].contains($0) }
      guard mustQuote else { return builder.append(bytes) }
      builder.append(UInt8(ascii: "\""))
      for byte in bytes {
        if byte == UInt8(ascii: "\"") { builder.append(byte) }
        builder.append(byte)
      }
      builder.append(UInt8(ascii: "\""))
    }
  }

  private func appendTSV(_ cell: SecretBytes, to builder: inout SecretBuilder) {
    cell.withUnsafeBytes { bytes in
      for byte in bytes {
        switch byte {
        case 0x09: builder.append("\\t")
        case 0x0A: builder.append("\\n")
        case 0x0D: builder.append("\\r")
        case UInt8(ascii: "\\"): builder.append("\\\\")
        default: builder.append(byte)
        }
      }
    }
  }
}

/// Recognises text that spreadsheets run instead of showing it (OWASP, "CSV Injection").
enum SpreadsheetFormula {
  /// Characters that begin a formula, or that a spreadsheet skips before one; the last four are wide forms that some
  /// treat as the same.
  private static let starts: [[UInt8]] =
    ["=", "+", "-", "@", "\t", "\r", "\n"].map { Array($0.utf8) }
    + ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].map { Array($0.utf8) }

  /// Whether a cell would be treated as a formula. A negative whole number would not.
  static func begins(_ cell: SecretBytes) -> Bool {
    cell.withUnsafeBytes { bytes in
      guard starts.contains(where: { bytes.starts(with: $0) }) else { return false }
      let digits = bytes.dropFirst()
      return !(bytes[0] == UInt8(ascii: "-") && !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) })
    }
  }
}
