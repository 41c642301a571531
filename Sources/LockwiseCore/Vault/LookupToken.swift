/// A keyed digest for finding a login without its name being in the file.
struct LookupToken: Hashable, Comparable, Sendable {
  /// The value that a token is made of. The raw value separates the kinds from each other.
  enum Kind: UInt8 {
    case origin = 1
    case host = 2
    case guid = 3
    /// A login's own entry name, the member `lockwise.name`.
    case entryName = 4
  }

  /// The length of a token in bytes.
  static let byteCount = 16

  private let high: UInt64
  private let low: UInt64

  /// Reads a token from the first 16 bytes. Tokens compare as their bytes do.
  init(bytes: UnsafeRawBufferPointer) {
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// Appends the token's bytes.
  func append(to builder: inout SecretBuilder) {
    withUnsafeBytes(of: high.bigEndian) { builder.append($0) }
    withUnsafeBytes(of: low.bigEndian) { builder.append($0) }
  }

  /// Returns the bucket of the token among `1 << bits` buckets.
  func bucket(bits: Int) -> Int64 { bits == 0 ? 0 : Int64(high >> UInt64(64 - bits)) }

  /// Half of the token. It is part of a keyed digest, so it is as evenly distributed as the whole.
  var half: UInt64 { low }

  func hash(into hasher: inout Hasher) { hasher.combine(half) }

  static func < (left: LookupToken, right: LookupToken) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

/// The tokens of a login.
struct LoginTokens {
  let guid: LookupToken
  let origin: LookupToken
  /// The token of the host alone; `nil` if the origin has none.
  let host: LookupToken?
  /// The token of the login's own entry name; `nil` if it has none.
  let entryName: LookupToken?

  init(_ login: LoginRecord, keys: VaultKeys) throws {
    let origin = Origin(login.origin)
    guid = try keys.token(.guid, login.guid)
    self.origin = try keys.token(.origin, origin?.serialized ?? login.origin)
    host = try origin.flatMap { $0.host.isEmpty ? nil : try keys.token(.host, $0.host) }
    entryName = try login.ownEntryName.map { try keys.token(.entryName, $0) }
  }

  /// All tokens of the login.
  var all: [LookupToken] { [guid, origin] + [host, entryName].compactMap { $0 } }
}
