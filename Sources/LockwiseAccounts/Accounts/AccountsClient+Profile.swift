import LockwiseCore

/// The profile server's route.
extension AccountsClient {
  /// The scope that lets an access token read the account's address, and nothing else of its profile.
  static let emailScope = "profile:email"

  /// Reads the account's primary address (GET /profile).
  ///
  /// - Parameter accessToken: a token of `emailScope`.
  /// - Throws: `AccountsError`, `.missingField` also for what is not an address; `HTTPError`.
  func email(accessToken: SecretBytes) throws -> String {
    let object = try getFromProfileServer(
      "/profile", authorization: SecretBytes.concatenating([SecretBytes(utf8: "Bearer "), accessToken])
    ).success()
    guard let email = object["email"]?.string, EmailAddress.isValid(email) else {
      throw AccountsError.missingField("email", in: .profile)
    }
    return email
  }
}
