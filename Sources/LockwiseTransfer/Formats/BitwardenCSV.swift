import LockwiseCore

/// The CSV of Bitwarden: `folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,
/// login_totp`; organisations have `collections` in place of the first two columns (Bitwarden, "Condition a Bitwarden
/// .csv or .json").
enum BitwardenCSV {
  /// Reads a record. Several addresses are separated by commas, custom fields are lines `name: value`.
  static func item(_ row: CSVTable.Row) -> ParsedItem {
    let location = ItemLocation.line(row.line)
    let title = row.text("name")
    let kind = row.text("type").lowercased()
    guard kind.isEmpty || kind == "login" else {
      let reason = kind == "note" ? "a secure note" : "an item of another kind"
      return .refused(ItemRefusal(location, name: title, .notALogin(reason)))
    }
    var item = ForeignItem(location)
    item.folder = row.text("folder")
    item.title = title
    item.addresses = addresses(row.text("login_uri"))
    item.username = row.text("login_username")
    item.password = row["login_password"]
    item.oneTimeCode = row["login_totp"]
    item.fields = row["fields"]
    item.notes = row["notes"]
    return .item(item)
  }

  /// Splits addresses at the commas after which another one begins. An address may contain commas itself.
  static func addresses(_ text: String) -> [String] {
    var addresses: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let begins = part.utf8.firstRange(of: "://").map { range in
        part[..<range.lowerBound].utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
      }
      if begins ?? (addresses.last?.utf8.firstRange(of: "://") == nil) || addresses.isEmpty {
        addresses.append(part)
      } else {
        addresses[addresses.count - 1] += "," + part
      }
    }
    return addresses
  }
}
