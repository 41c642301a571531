import LockwiseCore

/// The CSV of 1Password 8: `Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes` (1Password support, "Export
/// your data"). It contains items of the kinds Login and Password only.
enum OnePasswordCSV {
  /// Reads a record.
  static func item(_ row: CSVTable.Row) -> ParsedItem { .item(ForeignItem(titled: row)) }
}
