/// A keyed digest by which a login is found without its name standing in the file.
struct LookupToken: Hashable, Comparable, Sendable {
  /// What a token was made of. The value separates the kinds from each other.
  enum Kind: UInt8 {
    case origin = 1
    case host = 2
    case guid = 3
    /// A login's own entry name, the member `lockwise.name`.
    case entryName = 4
  }

  /// The length in bytes.
  static let byteCount = 16

  private let high: UInt64
  private let low: UInt64

  /// Takes the first 16 bytes, in the order that compares as the bytes do.
  init(bytes: UnsafeRawBufferPointer) {
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// Adds the token's bytes to a text.
  func append(to builder: inout SecretBuilder) {
    withUnsafeBytes(of: high.bigEndian) { builder.append($0) }
    withUnsafeBytes(of: low.bigEndian) { builder.append($0) }
  }

  /// The bucket that holds the token among `1 << bits` buckets.
  func bucket(bits: Int) -> Int64 { bits == 0 ? 0 : Int64(high >> UInt64(64 - bits)) }

  /// Half of the token. It is a digest under a secret key, so a part of it spreads as well as the whole.
  var half: UInt64 { low }

  func hash(into hasher: inout Hasher) { hasher.combine(half) }

  static func < (left: LookupToken, right: LookupToken) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

/// The tokens under which a login is found.
struct LoginTokens {
  let guid: LookupToken
  let origin: LookupToken
  /// Of the host alone; `nil` if there is none.
  let host: LookupToken?
  /// Of the login's own entry name; `nil` if it has none.
  let entryName: LookupToken?

  init(_ login: LoginRecord, keys: VaultKeys) throws {
    let origin = Origin(login.origin)
    guid = try keys.token(.guid, login.guid)
    self.origin = try keys.token(.origin, origin?.serialized ?? login.origin)
    host = try origin.flatMap { $0.host.isEmpty ? nil : try keys.token(.host, $0.host) }
    entryName = try login.ownEntryName.map { try keys.token(.entryName, $0) }
  }

  /// Every token of the login.
  var all: [LookupToken] { [guid, origin] + [host, entryName].compactMap { $0 } }
}
