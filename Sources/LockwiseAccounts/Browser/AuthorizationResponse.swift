import LockwiseCore

/// What comes back from the sign-in page (RFC 6749 section 4.1.2), read out of the address that it sends the browser to.
public enum AuthorizationResponse: Equatable, Sendable {
  /// A code, 64 hexadecimal digits; `state` as the address has it, `nil` where only the code was pasted.
  case code(SecretBytes, state: SecretBytes?)
  /// The page declined, for this reason.
  case declined(BrowserSignInError.Reason, state: SecretBytes?)

  /// Longer addresses are not those of the page.
  static let limit = 16384

  /// Reads what a person pastes: the whole address, or the bare code; with blanks around it, or in quotes or angle
  /// brackets.
  ///
  /// - Throws: `BrowserSignInError.notAnAnswer` if it is neither; `.unfinished` if it is an address without an answer.
  public init(pasted text: SecretBytes) throws(BrowserSignInError) {
    let text = Self.trimmed(text)
    guard (1...Self.limit).contains(text.count) else { throw .notAnAnswer }
    if Self.isCode(text) {
      self = .code(text, state: nil)
      return
    }
    let isAddress = ["https://", "http://"].contains { text.begins(with: $0) }
    guard isAddress else { throw .notAnAnswer }
    let end = text.withUnsafeBytes { $0.firstIndex(of: UInt8(ascii: "#")) } ?? text.count
    guard let mark = text.withUnsafeBytes({ $0[..<end].firstIndex(of: UInt8(ascii: "?")) }) else { throw .unfinished }
    try self.init(query: text[mark + 1..<end])
  }

  /// Reads the query of the address, without its question mark.
  ///
  /// - Throws: `BrowserSignInError.notAnAnswer` for a malformed one; `.unfinished` if there is no answer in it.
  init(query: SecretBytes) throws(BrowserSignInError) {
    guard query.count <= Self.limit, let pairs = QueryText.pairs(query) else { throw .notAnAnswer }
    func value(_ name: String) throws(BrowserSignInError) -> SecretBytes? {
      let found = pairs.filter { $0.name.exposedText() == name }
      // Two readers could take different ones.
      guard found.count < 2 else { throw .notAnAnswer }
      return found.first?.value
    }
    let state = try value("state")
    if let error = try value("error") {
      let reason = error.exposedText().flatMap { BrowserSignInError.Reason(rawValue: $0) } ?? .other
      self = .declined(reason, state: state)
      return
    }
    guard let code = try value("code") else { throw .unfinished }
    guard Self.isCode(code) else { throw .notAnAnswer }
    self = .code(code, state: state)
  }

  /// Whether this answers the request with that state. A bare code has none: a stranger's code, slipped to a person to
  /// paste, is bound to the stranger's own challenge, and the server refuses it with our verifier (RFC 7636).
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
  /// Whether the bytes begin with an ASCII text, whatever its case.
  fileprivate func begins(with prefix: String) -> Bool {
    count >= prefix.utf8.count
      && withUnsafeBytes { bytes in
        zip(bytes, prefix.utf8).allSatisfy { $0 == $1 || (0x41...0x5A ~= $0 && $0 | 0x20 == $1) }
      }
  }
}
