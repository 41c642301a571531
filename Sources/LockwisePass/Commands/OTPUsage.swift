/// The usage lines of `otp`. Those of pass-otp are word for word.
enum OTPUsage {
  /// The options and operands of `otp code`.
  static let code = PassUsage.Syntax(
    "[--clip,-c] pass-name",
    own: "[code] [--clip,-c | --qrcode [--window]] [--quiet,-q] [--next | --at time] pass-name")
  /// The options and operands of `otp insert`.
  static let insert: PassUsage.Syntax =
    "insert [--force,-f] [--echo,-e] [--secret, -s] [--issuer,-i issuer] [--account,-a account] [pass-name]"
  /// The options and operands of `otp append`.
  static let append: PassUsage.Syntax =
    "append [--force,-f] [--echo,-e] [--secret, -s] [--issuer,-i issuer] [--account,-a account] pass-name"
  /// The options and operands of `otp uri`.
  static let uri: PassUsage.Syntax = "uri [--clip,-c | --qrcode,-q] pass-name"

  /// Returns the text of `otp help`.
  static func help(of program: String) -> String {
    """
    Usage:

        \(program) otp [code] [--clip,-c | --qrcode] [--quiet,-q] [--next | --at time] pass-name
            Print a one-time code, or put it on the clipboard. With --next it is the
            code after the present one, with --at that of another time. On a
            terminal, print for how long it is valid, unless --quiet is given.

        \(program) otp insert [--force,-f] [--echo,-e]
                [--secret,-s [--issuer,-i issuer] [--account,-a account]] [pass-name]
            Save the otpauth:// URI that is typed, or the one that --secret makes
            from a secret. Without pass-name, the URI names the entry.

        \(program) otp append [--force,-f] [--echo,-e]
                [--secret,-s [--issuer,-i issuer] [--account,-a account]] pass-name
            Save the URI in an entry that exists.

        \(program) otp uri [--clip,-c | --qrcode,-q] pass-name
            Print the URI, put it on the clipboard, or draw it for a phone.

        \(program) otp validate uri
            Check a URI.

    """
  }
}
