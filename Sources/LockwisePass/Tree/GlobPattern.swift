/// A shell pattern as tree(1) matches it: bytes, and ASCII letters without case.
struct GlobPattern {
  private enum Token {
    case byte(UInt8)
    case any
    case star
    /// One byte of a set.
    case set(Set<UInt8>)
    /// Everything that follows: tree(1) accepts a name where a pattern turns out to be invalid.
    case rest
  }

  private var tokens: [Token] = []

  /// Compiles a pattern whose ASCII letters are in lower case.
  init(_ pattern: some Collection<UInt8>) {
    let bytes = Array(pattern)
    if bytes.isEmpty { tokens = [.rest] }
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "*"): tokens.append(.star)
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "["):
        index += 1
        tokens.append(Self.set(bytes, &index) ?? .rest)
      case UInt8(ascii: "\\"):
        index += 1
        // Nothing matches a backslash at the end.
        tokens.append(index < bytes.count ? .byte(bytes[index]) : .set([]))
      case let byte: tokens.append(.byte(byte))
      }
      index += 1
    }
  }

  /// Parses a set after its bracket.
  ///
  /// - Parameter index: the position after `[`; afterwards that of the `]`.
  /// - Returns: `nil` if the set does not end.
  private static func set(_ bytes: [UInt8], _ index: inout Int) -> Token? {
    func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
    let isNegated = byte(index) == UInt8(ascii: "^")
    if isNegated { index += 1 }
    var members: Set<UInt8> = []
    while byte(index) != UInt8(ascii: "]") {
      if byte(index) == UInt8(ascii: "\\") { index += 1 }
      guard let first = byte(index) else { return nil }
      guard byte(index + 1) == UInt8(ascii: "-") else {
        members.insert(first)
        index += 1
        continue
      }
      index += 2
      if byte(index) == UInt8(ascii: "\\") { index += 1 }
      guard let last = byte(index) else { return nil }
      // tree(1) compares them as signed numbers.
      let bounds = (Int8(bitPattern: first), Int8(bitPattern: last))
      members.formUnion((0...255).filter { bounds.0 <= Int8(bitPattern: $0) && Int8(bitPattern: $0) <= bounds.1 })
      index += 1
    }
    return .set(isNegated ? Set(0...255).subtracting(members) : members)
  }

  /// Returns whether the whole text matches.
  func matches(_ text: UnsafeRawBufferPointer) -> Bool {
    var (position, token) = (0, 0)
    // Where to go on if a later token does not match: after the last star, which then accepts one byte more.
    var retry: (position: Int, token: Int)?
    while true {
      if token < tokens.count, case .rest = tokens[token] { return true }
      if token < tokens.count, case .star = tokens[token] {
        token += 1
        retry = (position, token)
        continue
      }
      if token == tokens.count, position == text.count { return true }
      if token < tokens.count, position < text.count, accepts(tokens[token], text[position]) {
        (position, token) = (position + 1, token + 1)
        continue
      }
      guard let last = retry, last.position < text.count else { return false }
      retry = (last.position + 1, last.token)
      (position, token) = (last.position + 1, last.token)
    }
  }

  private func accepts(_ token: Token, _ byte: UInt8) -> Bool {
    let byte = Self.lowercase(byte)
    return switch token {
    case .byte(let expected): byte == expected
    case .any: true
    case .set(let members): members.contains(byte)
    case .star, .rest: false
    }
  }

  /// Returns an ASCII letter in lower case, and any other byte as it is.
  static func lowercase(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}
