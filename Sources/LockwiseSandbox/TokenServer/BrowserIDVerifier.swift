import Foundation

/// The verifier of BrowserID assertions, as in the token server before 2024 (mozilla-services/tokenserver).
struct BrowserIDVerifier {
  /// The claims of a valid assertion.
  struct Claims {
    let account: String
    let generation: Int
    let keysChangedAt: Int
  }

  let authority: CertificateAuthority
  /// The scheme, host and port of the token server.
  let audience: String
  /// The host and port of the accounts server.
  let issuer: String
  /// The Unix time in milliseconds.
  let now: Int

  /// Verifies `certificate~assertion`.
  ///
  /// - Throws: ``TokenError`` `invalid-credentials`, or `invalid-timestamp` if one of them has expired.
  func verify(_ backed: Substring) throws -> Claims {
    let parts = backed.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count == 2, let certificate = SignedToken(parts[0]), let assertion = SignedToken(parts[1]) else {
      throw TokenError.invalidCredentials
    }
    guard authority.isIssuer(of: certificate), certificate.payload["iss"]?.text == issuer,
      let key = certificate.payload["public-key"].flatMap(BrowserIDPublicKey.init), assertion.isSigned(by: key),
      assertion.payload["aud"]?.text == audience
    else { throw TokenError.invalidCredentials }
    for token in [certificate, assertion] {
      // Milliseconds. A time in seconds would be in January 1970.
      guard let expires = token.payload["exp"]?.int else { throw TokenError.invalidCredentials }
      guard expires > now else { throw TokenError(word: "invalid-timestamp") }
    }
    guard let name = certificate.payload["principal"]?["email"]?.text, name.hasSuffix("@" + issuer),
      let generation = certificate.payload["fxa-generation"]?.int,
      let keysChangedAt = certificate.payload["fxa-keysChangedAt"]?.int
    else { throw TokenError.invalidCredentials }
    return Claims(
      account: String(name.dropLast(issuer.count + 1)), generation: generation, keysChangedAt: keysChangedAt)
  }
}
