import LockwiseCore

/// The file of git's helper `store`, `~/.git-credentials`: a URL in each line, percent-encoded (git-credential-store(1),
/// "Storage format").
enum GitCredentials {
  /// Returns whether a text looks like such a file: its first line with text is a URL with a user name and a password.
  static func matches(_ text: SecretBytes) -> Bool {
    let first = text.lines.first { !$0.trimmed.isEmpty && !isComment($0) }
    guard let first, case .item = item(first, 1) else { return false }
    return true
  }

  /// Reads a file. git ignores empty lines and comments.
  static func items(_ text: SecretBytes) -> [ParsedItem] {
    text.lines.enumerated().compactMap { index, line in
      line.trimmed.isEmpty || isComment(line) ? nil : item(line, index + 1)
    }
  }

  private static func isComment(_ line: SecretBytes) -> Bool {
    line.withUnsafeBytes { $0.first == UInt8(ascii: "#") }
  }

  private static func item(_ line: SecretBytes, _ number: Int) -> ParsedItem {
    let location = ItemLocation.line(number)
    let refused = ParsedItem.refused(ItemRefusal(location, .notACredentialURL))
    let url = line.trimmed
    return url.withUnsafeBytes { bytes in
      let separator: [UInt8] = Array("://".utf8)
      guard let colon = bytes.firstIndex(of: separator[0]), bytes[colon...].starts(with: separator) else {
        return refused
      }
      let authority = colon + separator.count
      let end = bytes[authority...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
      // Neither the user name nor the password contains these bytes unencoded.
      guard let at = bytes[authority..<end].lastIndex(of: UInt8(ascii: "@")),
        let divider = bytes[authority..<at].firstIndex(of: UInt8(ascii: ":")),
        let username = String(validating: PercentEncoding.decode(bytes[authority..<divider]), as: UTF8.self)
      else { return refused }
      var item = ForeignItem(location)
      item.use = .http
      item.username = username
      item.password = decoded(bytes[divider + 1..<at])
      let scheme = String(decoding: bytes[..<authority], as: UTF8.self)
      item.addresses = [scheme + String(decoding: PercentEncoding.decode(bytes[(at + 1)..<end]), as: UTF8.self)]
      let path = bytes[end...].dropFirst()
      if !path.isEmpty { item.folder = String(decoding: PercentEncoding.decode(path), as: UTF8.self) }
      return .item(item)
    }
  }

  private static func decoded(_ bytes: Slice<UnsafeRawBufferPointer>) -> SecretBytes {
    var builder = SecretBuilder(capacity: bytes.count)
    let whole = UnsafeRawBufferPointer(rebasing: bytes)
    var position = 0
    while position < whole.count {
      if let byte = PercentEncoding.octet(in: whole, at: position) {
        builder.append(byte)
        position += 3
      } else {
        builder.append(whole[position])
        position += 1
      }
    }
    return builder.finish()
  }
}
