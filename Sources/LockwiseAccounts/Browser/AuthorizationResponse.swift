import LockwiseCore

/// The response of the sign-in page (RFC 6749 section 4.1.2), read from the address that it redirects the browser to.
public enum AuthorizationResponse: Equatable, Sendable {
  /// A code, 64 hexadecimal digits; `state` as the address has it, `nil` where only the code was pasted.
  case code(SecretBytes, state: SecretBytes?)
  /// The page declined, for this reason.
  case declined(BrowserSignInError.Reason, state: SecretBytes?)

  /// The length of the longest address that the page can produce.
  static let limit = 16384

  /// Reads pasted text: the whole address or only the code, which may be between spaces, quotes or angle brackets.
  ///
  /// - Throws: `BrowserSignInError.notAResponse` if it is neither; `.unfinished` if it is an address without a response.
  public init(pasted text: SecretBytes) throws(BrowserSignInError) {
    let text = Self.trimmed(text)
    guard (1...Self.limit).contains(text.count) else { throw .notAResponse }
    if Self.isCode(text) {
      self = .code(text, state: nil)
      return
    }
    let isAddress = ["https://", "http://"].contains { text.begins(with: $0) }
    guard isAddress else { throw .notAResponse }
    let end = text.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "#")) } ?? text.count
    guard let mark = text.withUnsafeBytes({ $0[..<end].firstIndex(of: UInt8(ascii: "?")) }) else { throw .unfinished }
    try self.init(query: text[mark + 1..<end])
  }

  /// Reads the query of the address, without its question mark.
  ///
  /// - Throws: `BrowserSignInError.notAResponse` for a malformed one; `.unfinished` if there is no response in it.
  init(query: SecretBytes) throws(BrowserSignInError) {
    guard query.count <= Self.limit, let pairs = QueryText.pairs(query) else { throw .notAResponse }
    func value(_ name: String) throws(BrowserSignInError) -> SecretBytes? {
      let found = pairs.filter { $0.name.exposedText() == name }
      // Two readers could use different ones.
      guard found.count < 2 else { throw .notAResponse }
      return found.first?.value
    }
    let state = try value("state")
    if let error = try value("error") {
      let reason = error.exposedText().flatMap { BrowserSignInError.Reason(rawValue: $0) } ?? .other
      self = .declined(reason, state: state)
      return
    }
    guard let code = try value("code") else { throw .unfinished }
    guard Self.isCode(code) else { throw .notAResponse }
    self = .code(code, state: state)
  }

  /// Whether this responds to the request with the state. A code alone has none: an attacker's code, given to the user
  /// to paste, is bound to the attacker's own challenge, and the server refuses it with this sign-in's verifier (RFC 7636).
  func answers(state: String, mayLackState: Bool) -> Bool {
    switch self {
    case .code(_, .none): mayLackState
    case .code(_, .some(let given)), .declined(_, .some(let given)): given == SecretBytes(utf8: state)
    case .declined(_, .none): false
    }
  }

  private static func isCode(_ text: SecretBytes) -> Bool { text.count == 64 && Hex.decode(text) != nil }

  private static func trimmed(_ text: SecretBytes) -> SecretBytes {
    let pairs: [(UInt8, UInt8)] = [(0x22, 0x22), (0x27, 0x27), (0x3C, 0x3E)]
    return text.withUnsafeBytes { bytes in
      var range = 0..<text.count
      func trim() {
        while let first = range.first, bytes[first] <= 0x20 { range.removeFirst() }
        while let last = range.last, bytes[last] <= 0x20 { range.removeLast() }
      }
      trim()
      if let first = range.first, let last = range.last, first < last,
        pairs.contains(where: { $0 == (bytes[first], bytes[last]) })
      {
        range = first + 1..<last
        trim()
      }
      return text[range]
    }
  }
}

extension SecretBytes {
  /// Whether the bytes begin with an ASCII text, ignoring case.
  fileprivate func begins(with prefix: String) -> Bool {
    count >= prefix.utf8.count
      && withUnsafeBytes { bytes in
        zip(bytes, prefix.utf8).allSatisfy { $0 == $1 || (0x41...0x5A ~= $0 && $0 | 0x20 == $1) }
      }
  }
}
