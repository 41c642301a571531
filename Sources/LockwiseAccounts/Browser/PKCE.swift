import LockwiseCore

/// The proof key of one sign-in (RFC 7636, method S256): the page is shown the challenge, and only who has the verifier
/// can redeem the code that the page hands out.
struct PKCE {
  /// Stays here until the code is redeemed; 43 characters.
  let verifier: SecretBytes
  /// Public; 43 characters.
  let challenge: String

  /// Takes a verifier of 43 to 128 unreserved characters.
  ///
  /// - Throws: `CryptoError.unavailable`.
  init(verifier: SecretBytes) throws {
    self.verifier = verifier
    challenge = Base64.urlSafe.encode(try verifier.withUnsafeBytes { try SHA256.hash($0) })
  }

  /// Makes a fresh verifier of 32 random bytes.
  ///
  /// - Throws: `CryptoError.unavailable`.
  init(random: any RandomSource) throws {
    try self.init(verifier: Base64.urlSafe.encode(try random.secret(32)))
  }
}
