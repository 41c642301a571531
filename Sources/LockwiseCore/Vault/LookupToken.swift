/// A keyed digest by which a login is found without its name standing in the file.
struct LookupToken: Hashable, Comparable, Sendable {
  /// What a token was made of. The value separates the kinds from each other.
  enum Kind: UInt8 {
    case origin = 1
    case host = 2
    case guid = 3
  }

  /// The length in bytes.
  static let byteCount = 16

  private let high: UInt64
  private let low: UInt64

  init(bytes: some Collection<UInt8>) {
    func number(_ part: some Sequence<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    high = number(bytes.prefix(8))
    low = number(bytes.dropFirst(8).prefix(8))
  }

  /// The token in bytes, so that the order of the bytes is the order of the tokens.
  var bytes: [UInt8] {
    withUnsafeBytes(of: high.bigEndian) { Array($0) } + withUnsafeBytes(of: low.bigEndian) { Array($0) }
  }

  /// The bucket that holds the token among `1 << bits` buckets.
  func bucket(bits: Int) -> Int64 { bits == 0 ? 0 : Int64(high >> UInt64(64 - bits)) }

  static func < (left: LookupToken, right: LookupToken) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension VaultKeys {
  /// The tokens under which a login is found: its origin, its host alone, its GUID.
  func tokens(of login: LoginRecord) throws -> Set<LookupToken> {
    let origin = Origin(login.origin)
    var tokens: Set = [
      try token(.guid, login.guid), try token(.origin, origin?.serialized ?? login.origin),
    ]
    if let host = origin?.host, !host.isEmpty { tokens.insert(try token(.host, host)) }
    return tokens
  }
}
