import LockwiseCore

/// The CSV of KeePassXC: `Group,Title,Username,Password,URL,Notes`, and `TOTP,Icon,Last Modified,Created` since 2.7
/// (KeePassXC, `src/format/CsvExporter.cpp`).
enum KeePassXCCSV {
  /// The group of deleted entries, by its English name. The export contains them.
  private static let bin = "Recycle Bin"

  /// Reads a record. Every group is below that of the whole database, whose name says nothing.
  static func item(_ row: CSVTable.Row) -> ParsedItem {
    var item = ForeignItem(.line(row.line))
    let group = row.text("group")
    item.folder =
      group.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(group[group.utf8.index(after: $0)...]) } ?? ""
    item.title = row.text("title")
    if item.folder.utf8.elementsEqual(bin.utf8) || item.folder.utf8.starts(with: (bin + "/").utf8) {
      return .refused(ItemRefusal(item.location, name: item.title, .inTrash))
    }
    item.addresses = [row.text("url")]
    item.username = row.text("username")
    item.password = row["password"]
    item.oneTimeCode = row["totp"]
    item.notes = row["notes"]
    return .item(item)
  }
}
