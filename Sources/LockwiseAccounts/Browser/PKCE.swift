import LockwiseCore

/// The proof key of one sign-in (RFC 7636, method S256): the page gets the challenge, and only the holder of the
/// verifier can redeem the page's code.
struct PKCE {
  /// The verifier, kept secret until the code is redeemed; 43 characters.
  let verifier: SecretBytes
  /// The challenge, which is public; 43 characters.
  let challenge: String

  /// Creates a proof key from a verifier of 43 to 128 unreserved characters.
  ///
  /// - Throws: `CryptoError.unavailable`.
  init(verifier: SecretBytes) throws {
    self.verifier = verifier
    challenge = Base64.urlSafe.encode(try verifier.withUnsafeBytes { try SHA256.hash($0) })
  }

  /// Creates a fresh verifier of 32 random bytes.
  ///
  /// - Throws: `CryptoError.unavailable`.
  init(random: any RandomSource) throws {
    try self.init(verifier: Base64.urlSafe.encode(try random.secret(32)))
  }
}
