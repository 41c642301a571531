/// E-mail addresses as far as the accounts server would take them at all.
enum EmailAddress {
  /// Whether the text has the form of one.
  static func isOne(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
  }
}
