/// OAuth client ids of Mozilla accounts.
enum OAuthClientID {
  /// Whether the text has the form of one: 16 hexadecimal digits in lower case.
  static func isValid(_ text: String) -> Bool {
    text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
