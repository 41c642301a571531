import LockwiseCLI
import LockwiseCore

/// The attribute `state[]` of a response (git 2.46 and later), which git sends back with `store` and `erase`. The value
/// is `lockwise:1:`, followed in hexadecimal digits by the login's GUID, a mark and a keyed digest.
///
/// It comes from outside, so it applies only if the digest proves that this helper made it.
struct StateAttribute: Equatable, Sendable {
  /// The GUID of the returned login.
  let guid: String
  /// Whether to remember the use of this login if it works, because another login would have come first.
  let isChoice: Bool
  /// The digest of the response, the origin, the path and the members above.
  let digest: [UInt8]

  private static let prefix = "lockwise:1:"

  /// Makes an attribute.
  init(guid: String, isChoice: Bool, digest: [UInt8]) {
    self.guid = guid
    self.isChoice = isChoice
    self.digest = digest
  }

  /// Parses the attribute's value; `nil` if it is not a state of this helper.
  init?(parsing value: UnsafeRawBufferPointer) {
    guard value.count <= 256, value.starts(with: Self.prefix.utf8) else { return nil }
    let fields = value[Self.prefix.utf8.count...].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == 3, let id = Hex.decode(fields[0]), let guid = String(validating: id, as: UTF8.self),
      LoginRecord.isValidID(guid), fields[1].count == 1, let mark = fields[1].first,
      let digest = Hex.decode(fields[2]), digest.count == KeyedDigest.byteCount
    else { return nil }
    switch mark {
    case UInt8(ascii: "0"): isChoice = false
    case UInt8(ascii: "1"): isChoice = true
    default: return nil
    }
    self.guid = guid
    self.digest = digest
  }

  /// Appends the attribute's value.
  func append(to builder: inout SecretBuilder) {
    builder.append(Self.prefix)
    for byte in guid.utf8 { Self.append(byte, to: &builder) }
    builder.append(isChoice ? ":1:" : ":0:")
    for byte in digest { Self.append(byte, to: &builder) }
  }

  private static func append(_ byte: UInt8, to builder: inout SecretBuilder) {
    for digit in [byte >> 4, byte & 15] { builder.append(digit < 10 ? 48 + digit : 87 + digit) }
  }
}

extension Vault {
  /// Returns the state for a response.
  ///
  /// - Parameters:
  ///   - guid: the GUID of the returned login.
  ///   - isChoice: whether another login would have come first.
  ///   - origin: the origin of the request.
  ///   - path: the path of the request.
  ///   - username: the returned user name.
  ///   - secret: the returned secret.
  /// - Throws: `CryptoError` if libcrypto refuses.
  func state(
    guid: String, isChoice: Bool, origin: Origin, path: String?, username: String, secret: SecretBytes
  ) throws -> StateAttribute {
    let digest = try digest(
      .answer,
      [
        SecretBytes(utf8: guid), SecretBytes(utf8: isChoice ? "1" : "0"), SecretBytes(utf8: origin.serialized),
        SecretBytes(utf8: path ?? ""), SecretBytes(utf8: username), secret,
      ])
    return StateAttribute(guid: guid, isChoice: isChoice, digest: digest)
  }

  /// Returns whether a state proves exactly this response.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  func isState(
    _ state: StateAttribute, of origin: Origin, path: String?, username: String, secret: SecretBytes
  ) throws -> Bool {
    let ours = try self.state(
      guid: state.guid, isChoice: state.isChoice, origin: origin, path: path, username: username, secret: secret)
    return KeyedDigest.isSame(ours.digest, state.digest)
  }
}
