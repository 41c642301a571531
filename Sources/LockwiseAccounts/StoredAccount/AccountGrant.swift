import LockwiseCore

/// What a sign-in was given and keeps, so that nobody has to sign in again every day.
public enum AccountGrant: Sendable {
  /// A refresh token limited to Sync, and the OAuth client id that it was granted to.
  case refreshToken(SecretBytes, clientID: String)
  /// The session itself: servers of BrowserID's time have nothing that is limited. With it, the kind of key that
  /// certificates are asked for.
  case session(AccountToken, BrowserIDKeyKind)

  /// What authorises requests for the account's devices: the value of the `Authorization` header field.
  var authorization: SecretBytes {
    switch self {
    case .refreshToken(let token, _): SecretBytes.concatenating([SecretBytes(utf8: "Bearer "), token])
    case .session(let session, _): session.authorization
    }
  }

  /// Whether the token server is shown access tokens, with the Sync key's id.
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
