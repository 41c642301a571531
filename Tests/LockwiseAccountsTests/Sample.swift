import LockwiseCore

@testable import LockwiseAccounts

/// Servers, an account and tokens that several tests share.
enum Sample {
  static let kid = "1700000000123-w_NDVTH7Ap9OINQpwXCVYg"
  static let now: Milliseconds = 1_800_000_000_000
  static let clock = WallClock { now }

  static func servers() throws -> ServerConfiguration {
    try ServerConfiguration(
      contentRoot: "https://content.test", authServer: "https://auth.test",
      oauthServer: "https://oauth.test", profileServer: "https://profile.test",
      tokenServer: "https://token.test")
  }

  static func account() throws -> SignedInAccount {
    SignedInAccount(
      email: "ada@example.test", uid: String(repeating: "ab", count: 16), servers: try servers(),
      clientID: OAuthClientIDs.withSession.first, refreshToken: SecretBytes(utf8: "refresh"),
      syncKey: ScopedKey(
        scope: ScopedKey.oldSyncScope, key: SecretBytes(copying: [UInt8](repeating: 7, count: 64)), kid: kid))
  }

  static let credentials = """
    {"id":"hawk-id==","key":"aGF3ay1rZXk=","uid":42,"api_endpoint":"https://node.test/1.5/42",\
    "duration":3600,"hashalg":"sha256","hashed_fxa_uid":"00","node_type":"spanner"}
    """

  static func accessTokenRequest(_ answer: String, status: Int = 200) -> Exchange {
    .post(
      "/oauth/token",
      body: """
        {"client_id":"e7ce535d93522896","grant_type":"refresh_token","refresh_token":"refresh",\
        "scope":"https://identity.mozilla.com/apps/oldsync"}
        """, status: status, answer: answer)
  }

  static func accessToken(_ token: String, lifetime: Int = 21600) -> String {
    """
    {"access_token":"\(token)","token_type":"bearer","expires_in":\(lifetime),\
    "scope":"https://identity.mozilla.com/apps/oldsync"}
    """
  }
}

/// A vault in memory.
final class MemoryDocuments: SealedDocuments {
  var texts: [DocumentName: SecretBytes] = [:]

  func document(_ name: DocumentName) throws -> SecretBytes? { texts[name] }

  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws { texts[name] = text }
}

extension SecretBytes {
  /// The bytes of a hexadecimal text of a test; empty if it is not one.
  init(hex: String) { self.init(copying: Hex.decode(hex) ?? []) }
}
