import LockwiseCore

/// Firefox's CSV, byte for byte as its own export writes it (`LoginExport.sys.mjs`, Firefox ESR 153).
enum FirefoxCSVExport {
  private static let columns = [
    "url", "username", "password", "httpRealm", "formActionOrigin", "guid", "timeCreated", "timeLastUsed",
    "timePasswordChanged",
  ]

  /// The line with the columns' names.
  static var header: SecretBytes { CSVWriter.line(columns.map { SecretBytes(utf8: $0) }) }

  /// Returns the line of a login. A time that is not known is missing.
  static func line(_ login: LoginRecord) -> SecretBytes {
    func text(_ text: String) -> SecretBytes { SecretBytes(utf8: text) }
    func time(_ time: Milliseconds) -> SecretBytes? { time > 0 ? text(String(time.rawValue)) : nil }
    return CSVWriter.line([
      text(login.origin), text(login.username), login.password, login.httpRealm.map(text),
      login.formActionOrigin.map(text), text(login.guid), time(login.timeCreated), time(login.timeLastUsed),
      time(login.timePasswordChanged),
    ])
  }
}
