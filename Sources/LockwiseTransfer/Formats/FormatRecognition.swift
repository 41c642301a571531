import LockwiseCore

/// Recognises a format by the content of a file.
package enum FormatRecognition {
  /// The first bytes of a zip archive (PKWARE APPNOTE, local file header).
  private static let zipMark: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Returns whether a text is a zip archive, as 1PUX is.
  package static func isArchive(_ text: SecretBytes) -> Bool { text.withUnsafeBytes { $0.starts(with: zipMark) } }

  /// Returns the format of a text; `nil` if it is not known.
  package static func format(of text: SecretBytes) -> TransferFormat? {
    if isArchive(text) { return .onePUX }
    switch firstByte(of: text) {
    case UInt8(ascii: "{"): return bitwarden(text)
    case UInt8(ascii: "["): return .json
    default: break
    }
    if GitCredentials.matches(text) { return .gitCredentials }
    if let table = try? CSVTable(text), let format = format(of: table) { return format }
    return Netrc.matches(text) ? .netrc : nil
  }

  /// Returns the format of a table by the names of its columns; `nil` if it is not known.
  package static func format(of table: CSVTable) -> TransferFormat? {
    if table.has("login_uri", "login_username", "login_password") { return .bitwardenCSV }
    guard table.has("password") else { return nil }
    if table.has("group", "title", "username") { return .keepassxc }
    guard table.has("url", "username") else { return nil }
    if table.has("title") {
      let isOnePassword = ["favorite", "archived", "tags", "type"].contains { table.columns.contains($0) }
      return isOnePassword ? .onePasswordCSV : .apple
    }
    return table.has("name") ? .chrome : .firefox
  }

  private static func bitwarden(_ text: SecretBytes) -> TransferFormat? {
    guard let object = try? JSONObject(parsing: text) else { return nil }
    if object["accounts"]?.array != nil { return .onePUX }
    return object["items"] != nil || object["encrypted"] != nil ? .bitwardenJSON : nil
  }

  /// Returns the first byte that is not white space or part of a byte order mark.
  private static func firstByte(of text: SecretBytes) -> UInt8? {
    text.withUnsafeBytes { bytes in
      bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }
  }
}
