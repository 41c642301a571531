import LockwiseCLI
import LockwiseCore

/// What git is told to remember of an answer (`state[]`, git 2.46 and later) and hands back when it stores or erases:
/// `lockwise:1:` and, each in hexadecimal digits, the GUID of the login, a mark, and a keyed digest.
///
/// It comes from outside: what it says counts only where the digest proves that we said it.
struct StateAttribute: Equatable, Sendable {
  /// The login that answered.
  let guid: String
  /// Whether it is worth noting, should it work, that this login was used here: another one would have been preferred.
  let isChoice: Bool
  /// Of everything that was answered, for whom, and of the two above.
  let digest: [UInt8]

  private static let prefix = "lockwise:1:"

  /// Makes one.
  init(guid: String, isChoice: Bool, digest: [UInt8]) {
    self.guid = guid
    self.isChoice = isChoice
    self.digest = digest
  }

  /// Reads one; `nil` if it is none of ours.
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
  /// The state that goes with an answer.
  ///
  /// - Parameters:
  ///   - guid: the login that answers.
  ///   - isChoice: whether another one would have been preferred.
  ///   - origin: who asks.
  ///   - path: for what.
  ///   - username: what is answered.
  ///   - secret: what is answered.
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

  /// Whether a state says that exactly this was answered.
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
