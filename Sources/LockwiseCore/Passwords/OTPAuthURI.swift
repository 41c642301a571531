/// The parts of a line that describes a one-time code: an `otpauth://` URI (Google Authenticator's wiki, "Key Uri
/// Format"), or `steam://` and a secret as in Bitwarden.
///
/// What is accepted, and in which order faults are found, follows pass-otp. The secret is not decoded.
public struct OTPAuthURI: Sendable {
  /// The type of a code.
  enum Kind: Sendable {
    /// A code of the current time (RFC 6238).
    case totp
    /// A code of a counter (RFC 4226).
    case hotp
  }

  /// The reason why a line is not such a URI.
  public enum Failure: Error, Equatable, Sendable, CaseIterable {
    /// It does not have the form of a URI of one of these types.
    case malformed
    /// The label names no account.
    case noAccountName
    /// There is no secret.
    case noSecret
    /// The type is `hotp` and there is no number as `counter`.
    case noCounter
  }

  /// The line without white space at its ends.
  public let text: SecretBytes
  /// The type of the code.
  let kind: Kind
  /// The issuer, decoded: the parameter, or the label's part before the colon; `nil` if there is neither.
  public let issuer: String?
  /// The account name of the label, decoded; empty for `steam://`.
  public let account: String
  /// The positions of the parameters' values in `text`; of several with one name the last, without empty ones.
  let values: [Parameter: Range<Int>]

  /// The parameters that matter.
  enum Parameter: String, CaseIterable {
    case secret, digits, algorithm, period, counter, issuer, encoder
  }

  /// Parses a line.
  ///
  /// - Throws: the first fault in pass-otp's order.
  public init(_ line: SecretBytes) throws(Failure) {
    let text = line.trimmed
    // Control characters would let a URI span lines.
    guard text.withUnsafeBytes({ $0.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else { throw .malformed }
    if Self.isSteamSecret(text) {
      self.init(text: text, issuer: "Steam", account: "", values: [.secret: Self.steam.utf8CodeUnitCount..<text.count])
    } else {
      try self.init(parsing: text)
    }
  }

  private init(
    text: SecretBytes, kind: Kind = .totp, issuer: String?, account: String, values: [Parameter: Range<Int>]
  ) {
    self.text = text
    self.kind = kind
    self.issuer = issuer
    self.account = account
    self.values = values
  }

  private init(parsing text: SecretBytes) throws(Failure) {
    guard let parts = OTPAuthParts(of: text) else { throw .malformed }
    guard let account = parts.account else { throw .noAccountName }
    let values = parts.parameters
    guard values[.secret] != nil else { throw .noSecret }
    if parts.kind == .hotp {
      guard let counter = values[.counter], text[counter].isDecimal else { throw .noCounter }
    }
    let issuer = values[.issuer].map { OTPAuthParts.decoded(text[$0]) } ?? parts.issuer
    self.init(text: text, kind: parts.kind, issuer: issuer, account: account, values: values)
  }

  /// Returns the value of a parameter as it is written.
  func value(_ parameter: Parameter) -> SecretBytes? { values[parameter].map { text[$0] } }
}

extension OTPAuthURI {
  private static let steam: StaticString = "steam://"

  /// Returns whether a line of a body describes a one-time code: it begins `otpauth://`, valid or not, or it is
  /// `steam://` and Base32. Steam's own links (`steam://run/440`) are not.
  public static func isURI(_ line: SecretBytes) -> Bool {
    line.begins(with: "otpauth://") || isSteamSecret(line.trimmed)
  }

  private static func isSteamSecret(_ text: SecretBytes) -> Bool {
    guard text.begins(with: steam) else { return false }
    let secret = text[steam.utf8CodeUnitCount..<text.count]
    // At least 80 bits: a short word of letters is likelier to be a link.
    return (Base32.decode(secret)?.count ?? 0) >= 10
  }

  /// Returns the URI with another counter and every other byte as it is; the same for other types.
  func replacingCounter(_ counter: UInt64) -> OTPAuthURI {
    guard kind == .hotp, let range = values[.counter] else { return self }
    let parts = [text[0..<range.lowerBound], SecretBytes(utf8: String(counter)), text[range.upperBound..<text.count]]
    // Only digits were exchanged.
    return (try? OTPAuthURI(SecretBytes.concatenating(parts))) ?? self
  }

  /// The counter of a counting code; `nil` for another type or a number over 64 bits.
  var counter: UInt64? { kind == .hotp ? value(.counter)?.decimal : nil }

  /// The line as an error may show it: without parameters, which include the secret. A text without them, or one that
  /// does not begin `otpauth://`, may be a password.
  public static func masked(_ line: SecretBytes) -> String {
    let text = line.trimmed
    guard text.begins(with: "otpauth://"), let mark = text.firstIndex(of: UInt8(ascii: "?")) else { return "…" }
    return OTPAuthParts.text(text[0..<mark]) + "?…"
  }

  /// Returns a line with the characters encoded that pass-otp encodes before it stores a URI.
  public static func encodingQuotes(_ line: SecretBytes) -> SecretBytes {
    var builder = SecretBuilder(capacity: line.count + 16)
    line.withUnsafeBytes { bytes in
      for byte in bytes {
        let isQuote = byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"")
        for unit in isQuote ? PercentEncoding.sequence(for: byte) : [byte] { builder.append(unit) }
      }
    }
    return builder.finish()
  }
}
