import LockwiseCore

/// Turns rows into bytes, page by page: a pure function of what was given so far.
public struct RowEncoder {
  private let format: OutputFormat
  private let columns: [String]
  private let width: Int?
  private let mayHoldFormulas: Bool
  private var isFirst = true

  /// Makes an encoder.
  ///
  /// - Parameters:
  ///   - format: the form of the output.
  ///   - columns: the columns' names.
  ///   - width: how many characters a line of a table may have; `nil` for any number.
  ///   - mayHoldFormulas: whether a cell of CSV or TSV may be what a spreadsheet takes for a formula. If not, `'` is put
  ///     before it.
  public init(format: OutputFormat, columns: [String], width: Int? = nil, mayHoldFormulas: Bool = false) {
    self.format = format
    self.columns = columns
    self.width = width
    self.mayHoldFormulas = mayHoldFormulas
  }

  /// What stands before all rows.
  public func begin() -> SecretBytes {
    let names = columns.map { SecretBytes(utf8: $0) }
    return switch format {
    case .json: SecretBytes(utf8: "[")
    case .jsonl, .table: SecretBytes(utf8: "")
    case .csv, .tsv: line(names)
    }
  }

  /// Some rows. The columns of a table are aligned anew each time.
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
      let texts = rows.map { row in row.cells.map { Diagnostics.printable($0.exposedText() ?? "") } }
      for line in TextTable.lines((isFirst ? [columns.map { $0.uppercased() }] : []) + texts) {
        builder.append(cut(line) + "\n")
      }
      isFirst = false
    }
    return builder.finish()
  }

  /// What stands behind all rows.
  public func end() -> SecretBytes {
    SecretBytes(utf8: format == .json ? (isFirst ? "]\n" : "\n]\n") : "")
  }

  private func cut(_ line: String) -> String {
    guard let width, width > 0, line.count > width else { return line }
    return line.prefix(width - 1) + "…"
  }

  /// Whitespace between the tokens of JSON may hold line ends; inside of strings there is none (RFC 8259 section 7).
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
      // In some countries spreadsheets separate cells by semicolons; tabs separate them in others' clipboards.
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
