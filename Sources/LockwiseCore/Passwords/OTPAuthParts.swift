/// The parts of an `otpauth://` URI by position, as pass-otp separates them: type, label `[issuer:]account[:port]`,
/// parameters.
struct OTPAuthParts {
  /// The type.
  let kind: OTPAuthURI.Kind
  /// The label's part before the colon, decoded; `nil` if the label has only one part.
  let issuer: String?
  /// The account name, decoded; `nil` if the label has none.
  let account: String?
  /// The positions of the parameters' values in the URI; empty values are left out.
  let parameters: [OTPAuthURI.Parameter: Range<Int>]

  /// Separates a URI into its parts.
  ///
  /// - Returns: `nil` if it has another form.
  init?(of uri: SecretBytes) {
    let kinds: [(StaticString, OTPAuthURI.Kind)] = [("otpauth://totp", .totp), ("otpauth://hotp", .hotp)]
    guard let (prefix, kind) = kinds.first(where: { uri.begins(with: $0.0) }),
      let mark = uri.firstIndex(of: UInt8(ascii: "?")), mark + 1 < uri.count
    else { return nil }
    let label = uri[prefix.utf8CodeUnitCount..<mark]
    guard label.isEmpty || label.begins(with: "/"), let names = Self.names(in: label[min(1, label.count)..<label.count])
    else { return nil }
    self.kind = kind
    (issuer, account) = names
    parameters = Self.parameters(of: uri, from: mark + 1)
  }

  /// Returns issuer and account of a label; `nil` if it has too many parts.
  private static func names(in label: SecretBytes) -> (issuer: String?, account: String?)? {
    var parts = label.parts(separatedBy: UInt8(ascii: ":")).map { label[$0] }
    if parts.count == 3 {
      guard parts[2].isDecimal else { return nil }
      parts.removeLast()
    }
    guard parts.count <= 2 else { return nil }
    let names = parts.map(decoded)
    guard let account = names.last, !account.isEmpty else {
      // `Example:` names the account Example.
      return (nil, names[0].isEmpty ? nil : names[0])
    }
    return (names.count == 2 ? names[0] : nil, account)
  }

  private static func parameters(of uri: SecretBytes, from start: Int) -> [OTPAuthURI.Parameter: Range<Int>] {
    var values: [OTPAuthURI.Parameter: Range<Int>] = [:]
    let query = uri[start..<uri.count]
    for part in query.parts(separatedBy: UInt8(ascii: "&")) {
      guard let equals = query[part].firstIndex(of: UInt8(ascii: "=")), equals + 1 < part.count,
        let parameter = OTPAuthURI.Parameter(rawValue: text(query[part.lowerBound..<part.lowerBound + equals]))
      else { continue }
      values[parameter] = start + part.lowerBound + equals + 1..<start + part.upperBound
    }
    return values
  }

  /// Returns a part that is not secret as text, with `+` and percent-encoding decoded.
  static func decoded(_ part: SecretBytes) -> String {
    part.withUnsafeBytes { bytes in
      let spaced = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
      return String(decoding: PercentEncoding.decode(spaced), as: UTF8.self)
    }
  }

  /// Returns a part that is not secret as text.
  static func text(_ part: SecretBytes) -> String { part.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
