import Foundation

/// What both sides derive from a 32-byte token of the accounts server; the token itself is never sent back.
struct DerivedToken: Equatable {
  /// The kinds of token that the sandbox hands out, with their HKDF name and Bearer prefix.
  enum Kind: String, CaseIterable {
    case session = "sessionToken"
    case keyFetch = "keyFetchToken"
    case accountReset = "accountResetToken"
    case passwordForgot = "passwordForgotToken"
    case passwordChange = "passwordChangeToken"

    /// Prefix of the id in `Authorization: Bearer <prefix>_<id>` (Mozilla accounts, ADR 0050).
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

  /// 64 hex digits.
  let id: String
  let hawkKey: [UInt8]
  let bundleKey: [UInt8]

  init(_ token: [UInt8], kind: Kind) {
    let okm = Derive.hkdf(token, info: Derive.namespace + kind.rawValue, count: 96)
    id = Hex.encode(okm[0..<32])
    hawkKey = Array(okm[32..<64])
    bundleKey = Array(okm[64..<96])
  }
}

/// The answer of `GET /account/keys`: kA and wrap(kB), encrypted and authenticated under the token's bundle key.
enum KeyBundle {
  static func seal(kA: [UInt8], wrapKB: [UInt8], bundleKey: [UInt8]) -> [UInt8] {
    let keys = Derive.hkdf(bundleKey, info: Derive.namespace + "account/keys", count: 96)
    let ciphertext = Derive.xor(kA + wrapKB, Array(keys[32...]))
    return ciphertext + Derive.hmac(Array(keys[..<32]), ciphertext)
  }
}
