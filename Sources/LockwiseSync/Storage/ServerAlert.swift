import LockwiseCore

/// A message of the server's operators for the user (Sync storage API 1.5, `X-Weave-Alert`).
public struct ServerAlert: Equatable, Sendable {
  /// The meaning of the message for the client.
  enum Kind: String, Sendable {
    /// A text for the user.
    case message
    /// The service will end.
    case softEndOfLife = "soft-eol"
    /// The service has ended: stop permanently.
    case hardEndOfLife = "hard-eol"
  }

  /// The meaning of the message for the client.
  let kind: Kind
  /// The text, printable, at most 400 characters.
  public let message: String
  /// The address of more information, printable; `nil` if there is none.
  public let url: String?

  /// Reads the header: plain text, or a JSON object with `code`, `message` and `url`.
  init(header: String) {
    let object =
      header.hasPrefix("{") ? (try? JSONValue(parsing: SecretBytes(utf8: header)))?.object : nil
    kind = object?["code"]?.string.flatMap { Kind(rawValue: $0) } ?? .message
    message = Self.printable(object.map { $0["message"]?.string ?? "" } ?? header)
    url = object?["url"]?.string.map { Self.printable($0) }
  }

  /// The text goes to a terminal, so control characters are removed, including the eight-bit ones.
  private static func printable(_ text: String) -> String {
    let kept = text.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
      default: true
      }
    }
    return String(String.UnicodeScalarView(kept.prefix(400)))
  }
}
