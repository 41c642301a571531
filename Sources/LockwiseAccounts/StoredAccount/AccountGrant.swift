import LockwiseCore

/// The lasting authorisation of a sign-in.
public enum AccountGrant: Sendable {
  /// A refresh token limited to Sync, and the OAuth client id that it was granted to.
  case refreshToken(SecretBytes, clientID: String)
  /// The session itself, for servers that support only BrowserID and cannot issue limited tokens; and the kind of key
  /// that certificates are requested for.
  case session(AccountToken, BrowserIDKeyKind)

  /// The value of the `Authorization` header field for requests about the account's devices.
  var authorization: SecretBytes {
    switch self {
    case .refreshToken(let token, _): SecretBytes.concatenating([SecretBytes(utf8: "Bearer "), token])
    case .session(let session, _): session.authorization
    }
  }

  /// Whether the token server gets access tokens with the Sync key's id.
  var isOAuth: Bool { if case .refreshToken = self { true } else { false } }

  /// The refresh token's client id and the token; `nil` for a session.
  private var refreshToken: (clientID: String, token: SecretBytes)? {
    if case .refreshToken(let token, let clientID) = self { (clientID, token) } else { nil }
  }

  /// The session and the kind of key; `nil` for a refresh token.
  private var session: (token: AccountToken, key: BrowserIDKeyKind)? {
    if case .session(let token, let key) = self { (token, key) } else { nil }
  }

  /// Reads or writes the members of the vault's document `account`.
  init(_ codec: inout DocumentCodec, _ stored: AccountGrant?) throws {
    guard let name = try codec.optional("browserIDKey", stored?.session?.key.rawValue) else {
      let clientID = try codec.filled("clientID", stored?.refreshToken?.clientID)
      self = .refreshToken(try codec.filled("refreshToken", stored?.refreshToken?.token), clientID: clientID)
      return
    }
    let token = try AccountToken(.session, hex: codec.filled("sessionToken", stored?.session?.token.hex))
    guard let token, let kind = BrowserIDKeyKind(rawValue: name) else { throw DocumentCodec.Malformed() }
    self = .session(token, kind)
  }
}

/// The key pairs that a sign-in with BrowserID can use. The raw values appear in the vault and on the command line.
public enum BrowserIDKeyKind: String, CaseIterable, Sendable {
  /// RSA, 2048 bits.
  case rsa
  /// DSA, 2048 and 256 bits.
  case dsa
  /// DSA, 1024 and 160 bits, with SHA-1, as in older versions of Firefox.
  case dsa1024 = "dsa-1024"
}
