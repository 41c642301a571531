import LockwiseCore

/// Firefox's own CSV, as about:logins exports and imports it (`LoginExport.sys.mjs`, `LoginCSVImport.sys.mjs`; Firefox
/// ESR 153).
enum FirefoxCSV {
  /// The origin under which Firefox keeps its own session (`FxAccountsCommon`, `FXA_PWDMGR_HOST`).
  private static let accountOrigin = "chrome://FirefoxAccounts"

  /// Reads a record.
  ///
  /// A missing value is nothing at all, an empty text is `""`. With neither a realm nor the origin of a form, the login is
  /// one for any form of the site.
  static func item(_ row: CSVTable.Row) -> ParsedItem {
    let location = ItemLocation.line(row.line)
    let url = row.text("url")
    if url.isSameText(as: accountOrigin) { return .refused(ItemRefusal(location, .firefoxAccount)) }
    guard let origin = origin(url) else {
      return .refused(ItemRefusal(location, url.isEmpty ? .noName : .unsupportedAddress(scheme: "")))
    }
    guard !row["password"].isEmpty else { return .refused(ItemRefusal(location, name: origin, .noPassword)) }
    let realm = text(row, "httprealm")
    let action = text(row, "formactionorigin")
    if let realm, let action, !(realm.isEmpty || action.isEmpty) {
      return .refused(ItemRefusal(location, name: origin, .invalid(.bothTargets)))
    }
    let target: LoginTarget =
      if let realm, !(realm.isEmpty && action != nil) { .realm(realm) } else { .form(action ?? "") }
    var draft = LoginDraft(
      origin: origin, target: target, username: row.text("username"), password: row["password"])
    draft.timeCreated = time(row, "timecreated")
    draft.timePasswordChanged = time(row, "timepasswordchanged")
    draft.timeLastUsed = time(row, "timelastused")
    let guid = row.text("guid")
    return .draft(draft, guid: LoginRecord.isValidID(guid) ? guid : nil, location)
  }

  /// Returns the origin of a URL. Origins of other schemes than http and https, and those that only Firefox accepts, are
  /// kept as they are, because Firefox keeps what other clients write.
  private static func origin(_ url: String) -> String? {
    guard let separator = url.utf8.firstRange(of: "://"), separator.lowerBound > url.startIndex else { return nil }
    let scheme = url[..<separator.lowerBound].lowercased()
    guard ["http", "https"].contains(scheme) else { return url }
    let authority = url[separator.upperBound...].utf8
    return Origin(url)?.serialized ?? (authority.contains { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ? nil : url)
  }

  private static func text(_ row: CSVTable.Row, _ column: String) -> String? {
    guard let field = row.field(column), field.isQuoted || !field.value.isEmpty else { return nil }
    return field.value.exposedText()
  }

  private static func time(_ row: CSVTable.Row, _ column: String) -> Milliseconds? {
    Int64(row.text(column)).flatMap { $0 > 0 ? Milliseconds($0) : nil }
  }
}
