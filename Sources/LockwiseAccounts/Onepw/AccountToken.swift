import LockwiseCore

/// A token of the auth server. The token itself is never sent; its id is, which makes the id as secret as the
/// token (onepw protocol; Mozilla accounts ADR-0050 for the bearer form).
public struct AccountToken: Sendable {
  /// The purpose of a token.
  public enum Kind: String, CaseIterable, Sendable {
    /// Signs requests of a session.
    case session = "sessionToken"
    /// Fetches the wrapped keys, once.
    case keyFetch = "keyFetchToken"
    /// Resets an account.
    case accountReset = "accountResetToken"
    /// Recovers a forgotten password.
    case passwordForgot = "passwordForgotToken"
    /// Changes a password.
    case passwordChange = "passwordChangeToken"

    /// The prefix of the bearer form.
    var prefix: String {
      switch self {
      case .session: "fxs"
      case .keyFetch: "fxk"
      case .accountReset: "fxar"
      case .passwordForgot: "fxpf"
      case .passwordChange: "fxpc"
      }
    }
  }

  /// The purpose of the token.
  let kind: Kind
  /// The token as the server gave it, 64 hexadecimal digits.
  let hex: SecretBytes
  /// The id that is sent for the token: 32 bytes.
  let id: SecretBytes
  /// The key for Hawk: 32 bytes.
  let hawkKey: SecretBytes
  /// The key for the response's bundle: 32 bytes; used only by some kinds.
  let bundleKey: SecretBytes

  /// Derives the id and the keys of a token; `nil` if the text is not a token.
  ///
  /// - Parameters:
  ///   - kind: the purpose of the token.
  ///   - hex: the token as the server gave it, 64 hexadecimal digits.
  /// - Throws: `CryptoError` if libcrypto fails.
  public init?(_ kind: Kind, hex: SecretBytes) throws {
    guard hex.count == 64, let token = Hex.decode(hex) else { return nil }
    let material = try HKDFSHA256.deriveKey(
      from: token, info: Onepw.namespace + kind.rawValue, count: 96)
    self.kind = kind
    self.hex = hex
    id = material[0..<32]
    hawkKey = material[32..<64]
    bundleKey = material[64..<96]
  }

  /// The value of the `Authorization` header field.
  var authorization: SecretBytes {
    SecretBytes.concatenating([SecretBytes(utf8: "Bearer \(kind.prefix)_"), Hex.encode(id)])
  }
}
