import Foundation

/// The id and keys that both sides derive from a 32-byte token of the accounts server. The client never sends the token.
struct DerivedToken: Equatable {
  /// The kind of a token; the raw value is its HKDF name.
  enum Kind: String, CaseIterable {
    case session = "sessionToken"
    case keyFetch = "keyFetchToken"
    case accountReset = "accountResetToken"
    case passwordForgot = "passwordForgotToken"
    case passwordChange = "passwordChangeToken"

    /// The prefix of the id in `Authorization: Bearer <prefix>_<id>` (Mozilla accounts, ADR 0050).
    var bearerPrefix: String {
      switch self {
      case .session: "fxs"
      case .keyFetch: "fxk"
      case .accountReset: "fxar"
      case .passwordForgot: "fxpf"
      case .passwordChange: "fxpc"
      }
    }
  }

  /// The id of the token, 64 hex digits.
  let id: String
  let hawkKey: [UInt8]
  let bundleKey: [UInt8]

  /// Derives the id and keys of a token.
  init(_ token: [UInt8], kind: Kind) {
    let okm = Derive.hkdf(token, info: Derive.namespace + kind.rawValue, count: 96)
    id = Hex.encode(okm[0..<32])
    hawkKey = Array(okm[32..<64])
    bundleKey = Array(okm[64..<96])
  }
}

/// The response to `GET /account/keys`: kA and wrap(kB), encrypted and authenticated with the token's bundle key.
enum KeyBundle {
  /// Encrypts the keys, 32 bytes each, and appends the HMAC.
  static func seal(kA: [UInt8], wrapKB: [UInt8], bundleKey: [UInt8]) -> [UInt8] {
    let keys = Derive.hkdf(bundleKey, info: Derive.namespace + "account/keys", count: 96)
    let ciphertext = Derive.xor(kA + wrapKB, Array(keys[32...]))
    return ciphertext + Derive.hmac(Array(keys[..<32]), ciphertext)
  }
}
