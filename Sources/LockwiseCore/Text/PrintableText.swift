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
}
