import LockwiseCore

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
