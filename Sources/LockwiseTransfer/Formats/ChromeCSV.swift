import LockwiseCore

/// The CSV of Chrome, Chromium, Edge, Brave and Opera: `name,url,username,password`, and `note` since Chrome 110
/// (Chromium, `components/password_manager/core/browser/export/password_csv_writer.cc`).
enum ChromeCSV {
  /// Reads a record.
  static func item(_ row: CSVTable.Row) -> ParsedItem {
    var item = ForeignItem(.line(row.line))
    item.title = row.text("name")
    item.addresses = [row.text("url")]
    item.username = row.text("username")
    item.password = row["password"]
    item.notes = row["note"]
    return .item(item)
  }
}
