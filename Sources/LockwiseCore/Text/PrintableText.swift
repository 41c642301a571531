/// Text from outside made safe for a terminal.
public enum PrintableText {
  /// The text with control characters, format characters and line separators replaced by `?`, so that it cannot steer a
  /// terminal.
  public static func of(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "?"
          default: scalar
          }
        }))
  }

  /// The text as `of` returns it, except that it keeps its line feeds.
  package static func lines(of text: String) -> String {
    // Scalars, because a carriage return and a line feed are one character.
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { of(String($0)) }.joined(separator: "\n")
  }
}
