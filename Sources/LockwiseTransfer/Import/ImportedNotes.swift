import LockwiseCore

/// The notes of an imported login, as lockwise-pass keeps them: lines `key: value`, `otpauth://` URIs, and any text.
enum ImportedNotes {
  /// The least length of a one-time code's secret in bytes; a shorter text is likelier something else.
  private static let leastSecret = 5

  /// Returns the notes of an item.
  ///
  /// - Parameters:
  ///   - item: the item.
  ///   - isFree: whether the login belongs to no site, so that its user name and addresses are lines.
  /// - Returns: empty if the item has none.
  static func of(_ item: ForeignItem, isFree: Bool) -> SecretBytes {
    var lines: [SecretBytes] = []
    if isFree {
      if let login = line("login: ", item.username) { lines.append(login) }
      lines += item.addresses.compactMap { line("url: ", $0) }
    }
    if let code = oneTimeCode(of: item) { lines.append(code) }
    lines += [item.fields, item.notes].filter { !$0.isEmpty }
    guard let first = lines.first else { return SecretBytes(copying: []) }
    return .concatenating(lines.dropFirst().reduce([first]) { $0 + [SecretBytes(utf8: "\n"), $1] })
  }

  private static func line(_ key: String, _ value: String) -> SecretBytes? {
    guard !value.isEmpty, !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
    return SecretBytes(utf8: key + value)
  }

  /// Returns the line of the one-time code; `nil` if there is none. A secret alone becomes an `otpauth://` URI with the
  /// usual six digits and 30 seconds; a value of another form stays what it is, after `totp: `.
  private static func oneTimeCode(of item: ForeignItem) -> SecretBytes? {
    let code = item.oneTimeCode.trimmed
    guard !code.isEmpty else { return nil }
    if OTPAuthURI.isURI(code) { return code }
    guard let secret = Base32.decode(code), secret.count >= leastSecret else {
      return .concatenating([SecretBytes(utf8: "totp: "), code])
    }
    let account = [item.username, item.title].first { !$0.isEmpty } ?? "account"
    var builder = SecretBuilder(capacity: 128)
    builder.append("otpauth://totp/\(PercentEncoding.encode(account))?secret=")
    code.withUnsafeBytes { bytes in
      for byte in bytes where byte != 0x20 && byte != UInt8(ascii: "-") { builder.append(byte) }
    }
    return builder.finish()
  }
}
