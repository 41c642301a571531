import LockwiseCore

/// The CSV of Apple Passwords and Safari: `Title,URL,Username,Password,Notes,OTPAuth` (Apple, "Importing data exported
/// from Safari").
enum AppleCSV {
  /// Reads a record.
  static func item(_ row: CSVTable.Row) -> ParsedItem { .item(ForeignItem(titled: row)) }
}
