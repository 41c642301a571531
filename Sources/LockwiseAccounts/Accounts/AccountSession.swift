import LockwiseCore

/// The result of a login with a password (Mozilla accounts API, POST /account/login).
struct AccountSession: Sendable {
  /// The account's id, 32 hexadecimal digits.
  let uid: String
  /// The session, which the receiver has to destroy.
  public let session: AccountToken
  /// Fetches the keys, once.
  let keyFetch: AccountToken
  /// Unwraps the keys: 32 bytes, of the version of stretching that the login used.
  let unwrapBKey: SecretBytes
  /// The step that is left before the session can be used; `nil` if there is none.
  let pending: VerificationStep?

  /// Reads a login's response.
  ///
  /// - Throws: `AccountsError.missingField`, `CryptoError`.
  init(_ object: JSONObject, stretched: StretchedPassword) throws {
    func token(_ kind: AccountToken.Kind, _ names: [String]) throws -> AccountToken {
      let hex = try object.hex(names.first { object[$0] != nil } ?? names[0], count: 64, in: .login)
      guard let token = try AccountToken(kind, hex: hex) else {
        throw AccountsError.missingField(names[0], in: .login)
      }
      return token
    }
    guard let uid = try object.hex("uid", count: 32, in: .login).exposedText() else {
      throw AccountsError.missingField("uid", in: .login)
    }
    self.uid = uid.lowercased()
    session = try token(.session, ["sessionToken"])
    keyFetch = try token(.keyFetch, ["keyFetchTokenVersion2", "keyFetchToken"])
    unwrapBKey = stretched.unwrapBKey
    pending = Self.pending(object)
  }

  /// Older servers send only `verified`, for the address and the session together.
  private static func pending(_ object: JSONObject) -> VerificationStep? {
    let method = object["verificationMethod"]?.string
    let isVerified: Bool
    if let email = object["emailVerified"]?.bool, let session = object["sessionVerified"]?.bool {
      isVerified = email && session
    } else {
      isVerified = object["verified"]?.bool ?? (method == nil)
    }
    guard !isVerified else { return nil }
    return VerificationStep(method: method, reason: object["verificationReason"]?.string)
  }
}
