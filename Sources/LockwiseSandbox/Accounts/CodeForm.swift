/// The forms that codes must have to be looked up at all (fxa-auth-server, `lib/routes/validators.js`).
enum CodeForm {
  static func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy { 48...57 ~= $0 } }

  /// Digits in base 36, in either letter case.
  static func isAlphanumeric(_ text: String) -> Bool {
    text.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 }
  }
}
