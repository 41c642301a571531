/// The formats of an export.
package enum ExportFormat: String, CaseIterable, Sendable {
  /// Firefox's CSV, which about:logins imports.
  case csv
  /// The records of the vault, without loss.
  case json
  /// The format of `.netrc`, which has no place for most things.
  case netrc
}
