import LockwiseCore

/// A conversion of a secret, so that it fits into the text around it.
enum TemplateFilter: String, CaseIterable, Sendable {
  /// A JSON string with its quotes (RFC 8259 section 7).
  case json
  /// Percent-encoded: everything but unreserved characters (RFC 3986 section 2.3).
  case uri
  /// Base64 with padding, in one line (RFC 4648 section 4).
  case base64
  /// Quoted for a POSIX shell.
  case sh

  /// Returns the converted secret.
  func convert(_ secret: SecretBytes) -> SecretBytes {
    switch self {
    case .json: JSONText.string(secret)
    case .uri: PercentEncoding.encode(secret)
    case .base64: Base64.standard.encode(secret)
    case .sh: ShellWord.posix.quote(secret)
    }
  }
}
