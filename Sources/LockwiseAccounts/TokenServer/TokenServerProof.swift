import LockwiseCore

/// A proof of identity for the token server, with the keys that it is for.
enum TokenServerProof: Sendable {
  /// An OAuth access token for exactly Sync's scope, with the Sync key's id.
  case accessToken(SecretBytes, keyID: String)
  /// A backed BrowserID assertion, with the client state: 32 hexadecimal digits.
  case assertion(SecretBytes, clientState: String)

  /// The header fields of the proof.
  var headers: [(name: String, value: SecretBytes)] {
    func authorization(_ scheme: String, _ value: SecretBytes) -> (name: String, value: SecretBytes) {
      ("Authorization", SecretBytes.concatenating([SecretBytes(utf8: scheme + " "), value]))
    }
    return switch self {
    case .accessToken(let token, let keyID):
      [authorization("Bearer", token), ("X-KeyID", SecretBytes(utf8: keyID))]
    case .assertion(let assertion, let clientState):
      [authorization("BrowserID", assertion), ("X-Client-State", SecretBytes(utf8: clientState))]
    }
  }
}

/// A source of proofs for one account.
protocol TokenServerProofs {
  /// Returns the proof for the next request.
  ///
  /// - Throws: `SignInRequired` if the sign-in is no longer valid; `AccountsError`, `HTTPError`, `CryptoError`, and the
  ///   errors of the vault.
  func current() throws -> TokenServerProof

  /// Makes sure that the next proof differs from the one rejected with 401.
  ///
  /// - Throws: the errors of the vault.
  func renew(after error: TokenServerError) throws
}

extension TokenServerClient {
  /// Exchanges a proof for credentials and tries once more with another proof after a 401.
  ///
  /// The access token may be revoked, or older than a change of the password that the refresh token survived; a
  /// certificate or an assertion may be too old. Firefox also tries again, whatever the server's reason.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and the errors of the vault.
  func credentials(_ proofs: some TokenServerProofs) throws -> Response {
    do {
      return try credentials(proofs.current())
    } catch let error as TokenServerError where error.isUnauthorized {
      try proofs.renew(after: error)
      return try credentials(proofs.current())
    }
  }
}
