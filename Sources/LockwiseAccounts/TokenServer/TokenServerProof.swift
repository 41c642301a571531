import LockwiseCore

/// What shows the token server who is asking, and for which keys.
public enum TokenServerProof: Sendable {
  /// An OAuth access token for exactly Sync's scope, with the Sync key's id.
  case accessToken(SecretBytes, keyID: String)
  /// A backed BrowserID assertion, with the client state: 32 hexadecimal digits.
  case assertion(SecretBytes, clientState: String)

  /// The header fields that carry it.
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

/// Where the proofs of one account come from.
protocol TokenServerProofs {
  /// The proof to show now.
  ///
  /// - Throws: `SignInRequired` if what it is made from is not valid any more; `AccountsError`, `HTTPError`,
  ///   `CryptoError`, and what the vault throws.
  func current() throws -> TokenServerProof

  /// Sees to it that the next proof is another one than that which was answered with 401.
  ///
  /// - Throws: what the vault throws.
  func renew(after error: TokenServerError) throws
}

extension TokenServerClient {
  /// Shows one proof and, if that is answered with 401, one more: the access token may be revoked, or from before a
  /// change of the password that the refresh token survived; a certificate or an assertion may be too old. Firefox
  /// does the same, whatever the word.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and what the vault throws.
  func credentials(_ proofs: some TokenServerProofs) throws -> Answer {
    do {
      return try credentials(proofs.current())
    } catch let error as TokenServerError where error.isUnauthorized {
      try proofs.renew(after: error)
      return try credentials(proofs.current())
    }
  }
}
