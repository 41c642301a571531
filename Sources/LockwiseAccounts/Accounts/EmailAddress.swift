/// The rules of the accounts server for e-mail addresses.
public enum EmailAddress {
  /// Whether the text has the form of an address: 3 to 255 bytes, one `@` with something on both sides, and nothing that
  /// a terminal would not print as it is.
  public static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return (3...255).contains(text.utf8.count) && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && !text.unicodeScalars.contains {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: $0.properties.isWhitespace
        }
      }
  }

  /// Whether two texts are the same address for the accounts server, which ignores case.
  static func areSame(_ first: String, _ second: String) -> Bool { first.lowercased() == second.lowercased() }
}
