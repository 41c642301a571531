import LockwiseCLI
import LockwiseCore
import LockwiseTransfer

/// Writes logins of a vault to a file or pipe.
struct LoginExporter {
  let format: ExportFormat
  let target: ExportTarget

  /// The size from which collected text is written, bytes.
  private static let chunk = 1 << 16

  /// Writes the selected logins.
  ///
  /// - Parameters:
  ///   - vault: the vault.
  ///   - isSelected: whether a login is written.
  /// - Returns: the finished export, with its counts.
  /// - Throws: `UserFacingError` if the target cannot be written; `VaultError`.
  func write(_ vault: Vault, where isSelected: (LoginRecord) throws -> Bool) throws -> LoginExport {
    var export = LoginExport(format)
    try target.write { write in
      var builder = SecretBuilder(capacity: 2 * Self.chunk)
      builder.append(export.begin())
      try vault.forEachLogin { login in
        guard try isSelected(login) else { return }
        builder.append(export.text(of: login))
        guard builder.count >= Self.chunk else { return }
        try write(builder.finish())
        builder = SecretBuilder(capacity: 2 * Self.chunk)
      }
      builder.append(export.end())
      try write(builder.finish())
    }
    return export
  }

  /// Reports what the format has no place for, and how many logins were written.
  static func report(_ export: LoginExport, _ format: ExportFormat, to diagnostics: Diagnostics) {
    if export.skipped > 0 {
      diagnostics.notice(
        "\(Quantity.of(export.skipped, "login")) left out: \(format.rawValue) has no form for them")
    }
    if export.incomplete > 0 {
      diagnostics.notice(
        "notes, one-time codes and entry names of \(Quantity.of(export.incomplete, "login")) were not written")
      diagnostics.hint("write everything: --format json")
    }
    diagnostics.notice("\(Quantity.of(export.count, "login")) written")
  }
}
