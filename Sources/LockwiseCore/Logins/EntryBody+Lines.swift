/// The lines of a body. Line 1 is the password; a password with line feeds occupies several lines.
extension EntryBody {
  /// Returns a line without its line feed; `nil` if there is no such line.
  ///
  /// - Parameter number: the line's number, from 1.
  public func line(_ number: Int) -> SecretBytes? {
    let text = text
    let ranges = text.lineRanges
    return ranges.indices.contains(number - 1) ? text[ranges[number - 1]] : nil
  }

  /// Returns the value of the first line `key: value` of the notes with this key; `nil` if there is none.
  ///
  /// - Parameter key: the key; ASCII letters match in both cases.
  public func field(_ key: String) -> SecretBytes? { notes.firstLine(withKeyIn: [key])?.value }

  /// Returns the value of the first line `key: value` of the notes with exactly this key; `nil` if there is none.
  package func field(exactly key: String) -> SecretBytes? {
    for range in notes.lineRanges {
      let line = BodyLine(range, of: notes)
      if line.isKey(exactly: key) { return line.value }
    }
    return nil
  }

  /// The user name that the notes name in their first `login:`, `user:` or `username:` line; `nil` if there is none.
  public var login: SecretBytes? { TiedField.login.line(in: notes)?.value }

  /// The line that describes the entry's one-time code, and its number, from 1; `nil` if there is none: the first that
  /// begins with `otpauth://`, else the first that is `steam://` and a secret. White space at its end is left out.
  public var otpauthLine: (index: Int, uri: SecretBytes)? {
    let lines = text.lines
    guard
      let index =
        lines.firstIndex(where: { $0.begins(with: "otpauth://") }) ?? lines.firstIndex(where: OTPAuthURI.isURI)
    else { return nil }
    return (index + 1, lines[index].trimmed)
  }

  /// Returns the body with another password.
  public func replacingPassword(_ password: SecretBytes) -> EntryBody { EntryBody(password: password, notes: notes) }

  /// Returns the body with another text in one line; the same body if there is no such line.
  ///
  /// - Parameters:
  ///   - number: the line's number, from 1.
  ///   - line: the new text, without a line feed.
  public func replacingLine(_ number: Int, with line: SecretBytes) -> EntryBody {
    let passwordLines = 1 + password.withUnsafeBytes { bytes in bytes.count { $0 == 0x0A } }
    if passwordLines == 1, number == 1 { return replacingPassword(line) }
    var body = self
    if number <= passwordLines {
      body.password = password.replacingLine(number, with: line)
    } else {
      body.notes = notes.replacingLine(number - passwordLines, with: line)
    }
    return body
  }

  /// Returns the body with one more line at its end.
  ///
  /// - Parameter line: the text, without a line feed.
  public func appendingLine(_ line: SecretBytes) -> EntryBody {
    let lineFeed = SecretBytes(utf8: "\n")
    return EntryBody(password: password, notes: .concatenating([notes.endingWithLineFeed, line, lineFeed]))
  }
}

extension SecretBytes {
  /// Returns the text with another line; the same text if there is no such line.
  fileprivate func replacingLine(_ number: Int, with line: SecretBytes) -> SecretBytes {
    let ranges = lineRanges
    guard ranges.indices.contains(number - 1) else { return self }
    let range = ranges[number - 1]
    return .concatenating([self[0..<range.lowerBound], line, self[range.upperBound..<count]])
  }
}
