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

  /// Reads the members of the vault's document `account`.
  init(_ document: StoredDocument) throws(DocumentError) {
    guard let name = try document.optionalText("browserIDKey") else {
      self = .refreshToken(try document.secret("refreshToken"), clientID: try document.text("clientID"))
      return
    }
    let token = try document.secret("sessionToken")
    guard let kind = BrowserIDKeyKind(rawValue: name), let session = try? AccountToken(.session, hex: token) else {
      throw DocumentError(name: .account)
    }
    self = .session(session, kind)
  }

  /// Adds the members of the vault's document `account`.
  func write(to writer: inout JSONObjectWriter) {
    switch self {
    case .refreshToken(let token, let clientID):
      writer.member("clientID", clientID)
      writer.member("refreshToken", secret: token)
    case .session(let session, let kind):
      writer.member("browserIDKey", kind.rawValue)
      writer.member("sessionToken", secret: session.hex)
    }
  }
}
