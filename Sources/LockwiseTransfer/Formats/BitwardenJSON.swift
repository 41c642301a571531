import LockwiseCore

/// The unencrypted JSON of Bitwarden and Vaultwarden (Bitwarden, "Condition a Bitwarden .csv or .json").
enum BitwardenJSON {
  /// Names of the kinds of items (`CipherType`); 1 is a login.
  private static let kinds: [Int64: String] = [2: "a secure note", 3: "a card", 4: "an identity", 5: "an ssh key"]
  private static let login: Int64 = 1
  /// The kind of a custom field that only refers to another one (`FieldType`).
  private static let linkedField: Int64 = 3

  /// Reads an export.
  ///
  /// - Throws: `TransferError.encrypted`; `TransferError.notInFormat`.
  static func items(_ text: SecretBytes) throws(TransferError) -> [ParsedItem] {
    guard let export = try? JSONObject(parsing: text) else {
      throw .notInFormat(.bitwardenJSON, reason: "it is not a JSON object")
    }
    if export["encrypted"]?.bool == true { throw .encrypted(.bitwardenJSON) }
    guard let items = export["items"]?.array else {
      throw .notInFormat(.bitwardenJSON, reason: "it has no list of items")
    }
    var folders: [String: String] = [:]
    for folder in export["folders"]?.array ?? [] {
      guard let folder = folder.object, let id = folder["id"]?.string else { continue }
      folders[id] = folder["name"]?.string
    }
    return items.enumerated().map { item($1, .item($0 + 1), folders) }
  }

  private static func item(_ value: JSONValue, _ location: ItemLocation, _ folders: [String: String]) -> ParsedItem {
    guard let object = value.object else { return .refused(ItemRefusal(location, .malformed)) }
    let title = object["name"]?.string ?? ""
    let kind = object["type"]?.integer ?? login
    guard kind == login else {
      return .refused(ItemRefusal(location, name: title, .notALogin(kinds[kind] ?? "an item of another kind")))
    }
    if object["deletedDate"]?.string != nil { return .refused(ItemRefusal(location, name: title, .inTrash)) }
    var item = ForeignItem(location)
    item.folder = object["folderId"]?.string.flatMap { folders[$0] } ?? ""
    item.title = title
    item.notes = object["notes"]?.secret ?? item.notes
    item.fields = fields(object["fields"]?.array ?? [])
    if let login = object["login"]?.object {
      item.addresses = (login["uris"]?.array ?? []).compactMap { $0.object?["uri"]?.string }
      item.username = login["username"]?.string ?? ""
      item.password = login["password"]?.secret ?? item.password
      item.oneTimeCode = login["totp"]?.secret ?? item.oneTimeCode
    }
    return .item(item)
  }

  private static func fields(_ fields: [JSONValue]) -> SecretBytes {
    var lines = FieldLines()
    for field in fields {
      guard let field = field.object, field["type"]?.integer != linkedField, let value = field["value"]?.secret else {
        continue
      }
      lines.append(name: field["name"]?.string ?? "", value)
    }
    return lines.text
  }
}
