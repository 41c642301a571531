import LockwiseCore

/// A message of the server's operators for the user (Sync storage API 1.5, `X-Weave-Alert`).
public struct ServerAlert: Equatable, Sendable {
  /// What the message means for the client.
  public enum Kind: String, Sendable {
    /// Just text.
    case message
    /// The service is going to end.
    case softEndOfLife = "soft-eol"
    /// The service has ended: stop for good.
    case hardEndOfLife = "hard-eol"
  }

  /// What the message means for the client.
  public let kind: Kind
  /// The text, printable, at most 400 characters.
  public let message: String
  /// Where to read more, printable; `nil` if the server names no place.
  public let url: String?

  /// Reads the header: plain text, or a JSON object with `code`, `message` and `url`.
  init(header: String) {
    let object =
      header.hasPrefix("{") ? (try? JSONValue(parsing: SecretBytes(utf8: header)))?.object : nil
    kind = object?["code"]?.string.flatMap { Kind(rawValue: $0) } ?? .message
    message = Self.printable(object.map { $0["message"]?.string ?? "" } ?? header)
    url = object?["url"]?.string.map { Self.printable($0) }
  }

  /// The text goes to a terminal, so no control characters, not even the eight-bit ones.
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
