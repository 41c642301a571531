import LockwiseCore

/// The file `export.data` of 1Password's 1PUX (1Password support, "About the 1Password Unencrypted Export format").
enum OnePUX {
  /// The kinds of items that are not logins, by `categoryUuid`.
  private static let kinds: [String: String] = [
    "002": "a card", "003": "a secure note", "004": "an identity", "006": "a document", "100": "a software licence",
    "101": "a bank account", "102": "a database", "103": "a driving licence", "104": "an outdoor licence",
    "105": "a membership", "106": "a passport", "107": "a reward programme", "108": "a social security number",
    "109": "a wireless router", "110": "a server", "111": "an email account", "112": "an API credential",
    "113": "a medical record", "114": "an ssh key", "115": "a crypto wallet",
  ]
  /// Login and Password.
  private static let logins: Set<String> = ["001", "005"]

  /// Reads an export.
  ///
  /// - Throws: `TransferError.notInFormat`.
  static func items(_ text: SecretBytes) throws(TransferError) -> [ParsedItem] {
    guard let accounts = (try? JSONObject(parsing: text))?["accounts"]?.array else {
      throw .notInFormat(.onePUX, reason: "export.data has no list of accounts")
    }
    var items: [ParsedItem] = []
    for account in accounts {
      for vault in account.object?["vaults"]?.array ?? [] {
        for value in vault.object?["items"]?.array ?? [] { items.append(item(value, .item(items.count + 1))) }
      }
    }
    return items
  }

  private static func item(_ value: JSONValue, _ location: ItemLocation) -> ParsedItem {
    // Exports of version 2 wrap each item.
    guard let outer = value.object else { return .refused(ItemRefusal(location, .malformed)) }
    let object = outer["item"]?.object ?? outer
    let overview = object["overview"]?.object ?? .empty
    let title = overview["title"]?.string ?? ""
    let kind = object["categoryUuid"]?.string ?? ""
    guard logins.contains(kind) else {
      return .refused(ItemRefusal(location, name: title, .notALogin(kinds[kind] ?? "an item of another kind")))
    }
    if object["trashed"]?.bool == true { return .refused(ItemRefusal(location, name: title, .inTrash)) }
    let details = object["details"]?.object ?? .empty
    var item = ForeignItem(location)
    item.title = title
    item.addresses = addresses(overview)
    item.notes = details["notesPlain"]?.secret ?? item.notes
    item.password = details["password"]?.secret ?? item.password
    for field in details["loginFields"]?.array ?? [] {
      guard let field = field.object else { continue }
      switch field["designation"]?.string {
      case "username": item.username = field["value"]?.string ?? ""
      case "password": item.password = field["value"]?.secret ?? item.password
      default: break
      }
    }
    addSections(details["sections"]?.array ?? [], to: &item)
    return .item(item)
  }

  private static func addresses(_ overview: JSONObject) -> [String] {
    let urls = (overview["urls"]?.array ?? []).compactMap { $0.object?["url"]?.string }
    return urls.isEmpty ? [overview["url"]?.string ?? ""] : urls
  }

  private static func addSections(_ sections: [JSONValue], to item: inout ForeignItem) {
    var lines = FieldLines()
    for section in sections {
      for field in section.object?["fields"]?.array ?? [] {
        guard let field = field.object, let (kind, value) = value(of: field) else { continue }
        if kind == "totp", item.oneTimeCode.isEmpty {
          item.oneTimeCode = value
        } else {
          let title = field["title"]?.string ?? ""
          lines.append(name: title.isEmpty ? field["id"]?.string ?? "" : title, value)
        }
      }
    }
    item.fields = lines.text
  }

  /// Returns the kind and the value of a field: an object with one member, whose name is the kind. Numbers are dates and
  /// months; of an object, such as a postal address, the values are joined.
  private static func value(of field: JSONObject) -> (kind: String, value: SecretBytes)? {
    guard let member = field["value"]?.object?.members.first else { return nil }
    if let text = member.value.secret { return (member.name, text) }
    if let number = member.value.number { return (member.name, SecretBytes(utf8: number)) }
    guard let parts = member.value.object?.members.compactMap({ $0.value.secret }).filter({ !$0.isEmpty }),
      !parts.isEmpty
    else { return nil }
    let separated = parts.dropFirst().reduce([parts[0]]) { $0 + [SecretBytes(utf8: ", "), $1] }
    return (member.name, .concatenating(separated))
  }
}
