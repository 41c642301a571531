import LockwiseCore

/// The account signed in to Firefox in a profile (its `signedInUser.json`).
public struct FirefoxAccount: Sendable {
  /// The file's name.
  static let file = "signedInUser.json"

  /// The account's address.
  public let email: String
  /// The account's id, 32 hexadecimal digits.
  let uid: String
  /// Whether the account is confirmed, according to Firefox.
  public let isVerified: Bool
  /// Firefox's own session; `nil` if Firefox asks to sign in again.
  let session: AccountToken?

  /// Reads the file of a profile; `nil` if Firefox is not signed in.
  ///
  /// - Throws: `FirefoxError.unreadable`, `.changedFormat`; `CryptoError`.
  public init?(of profile: FirefoxProfile) throws {
    guard let object = try ProfileFile(profile.directory).object(Self.file) else { return nil }
    try self.init(object)
  }

  /// Reads the file's object.
  init?(_ object: JSONObject) throws {
    let problem = FirefoxError.changedFormat(file: Self.file)
    guard object["version"]?.integer == 1 else { throw problem }
    guard let data = object["accountData"], !data.isNull else { return nil }
    guard let account = data.object, let email = account["email"]?.string, !email.isEmpty,
      let uid = account["uid"]?.string, uid.utf8.count == 32, Hex.decode(uid) != nil
    else { throw problem }
    self.email = email
    self.uid = uid.lowercased()
    isVerified = account["verified"]?.bool ?? false
    session = try account["sessionToken"].flatMap { $0.isNull ? nil : $0 }.map { token in
      guard let hex = token.secret, let session = try AccountToken(.session, hex: hex) else { throw problem }
      return session
    }
  }
}
