import LockwiseCore

/// Writes logins in a format, one after the other, as a pure function of the logins so far.
package struct LoginExport {
  private let format: ExportFormat
  /// The number of logins written.
  package private(set) var count = 0
  /// The number of logins that the format has no form for.
  package private(set) var skipped = 0
  /// The number of logins whose notes, one-time codes or entry names the format has no place for.
  package private(set) var incomplete = 0

  /// Begins an export.
  package init(_ format: ExportFormat) { self.format = format }

  /// Returns the text before all logins.
  package func begin() -> SecretBytes {
    switch format {
    case .csv: FirefoxCSVExport.header
    case .json: SecretBytes(utf8: "[")
    case .netrc: SecretBytes(copying: [])
    }
  }

  /// Returns the text of a login; empty if the format has no form for it.
  package mutating func text(of login: LoginRecord) -> SecretBytes {
    let text: SecretBytes? =
      switch format {
      case .csv: .concatenating([SecretBytes(utf8: CSVWriter.lineEnd), FirefoxCSVExport.line(login)])
      case .json: .concatenating([SecretBytes(utf8: count == 0 ? "\n" : ",\n"), login.json])
      case .netrc: NetrcExport.line(login)
      }
    guard let text else {
      skipped += 1
      return SecretBytes(copying: [])
    }
    count += 1
    if format != .json, login.hasNotes || login.ownEntryName != nil { incomplete += 1 }
    return text
  }

  /// Returns the text after all logins.
  package func end() -> SecretBytes {
    SecretBytes(utf8: format == .json ? (count == 0 ? "]\n" : "\n]\n") : "")
  }
}
