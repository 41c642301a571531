import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseAccounts

/// The requests of a sign-in with the values of the end-to-end vector.
struct SignInExchanges {
  static let uid = "0123456789abcdef0123456789abcdef"

  let vector: TestVectors.Vector

  private var email: String { vector.input("email") }

  var status: Exchange {
    .post(
      "/account/credentials/status", body: #"{"email":"\#(email)"}"#,
      answer: #"{"currentVersion":"v1","upgradeNeeded":true}"#)
  }

  func login(
    authPW: SecretBytes? = nil, sentAs: String? = nil, originalLoginEmail: String? = nil, unblockCode: String? = nil,
    keyFetchName: String = "keyFetchToken", status: Int = 200, answer: String? = nil
  ) -> Exchange {
    let proof = authPW.map { Hex.encode($0).exposedText() ?? "" } ?? vector.output("authPW")
    let original = originalLoginEmail.map { #","originalLoginEmail":"\#($0)""# } ?? ""
    let unblock = unblockCode.map { #","unblockCode":"\#($0)""# } ?? ""
    return .post(
      "/account/login?keys=true&service=sync",
      body: """
        {"email":"\(sentAs ?? email)","authPW":"\(proof)","service":"sync","reason":"login",\
        "verificationMethod":"email-otp"\(original)\(unblock)}
        """, status: status,
      answer: answer
        ?? """
        {"uid":"\(Self.uid)","sessionToken":"\(vector.input("sessionToken"))",\
        "\(keyFetchName)":"\(vector.input("keyFetchToken"))","authAt":1700000000,"emailVerified":true,\
        "sessionVerified":true,"verified":true,"metricsEnabled":true}
        """)
  }

  var keys: Exchange {
    .get(
      "/account/keys", authorization: vector.output("keyFetchBearer"),
      answer: #"{"bundle":"\#(vector.output("bundle"))"}"#)
  }

  var scopedKey: Exchange { scopedKey() }

  func scopedKey(bearer: String? = nil, clientID: String = OAuthClientIDs.withSession.first) -> Exchange {
    .post(
      "/account/scoped-key-data", authorization: bearer ?? vector.output("sessionBearer"),
      body: #"{"client_id":"\#(clientID)","scope":"https://identity.mozilla.com/apps/oldsync"}"#,
      answer: """
        {"https://identity.mozilla.com/apps/oldsync":{\
        "identifier":"https://identity.mozilla.com/apps/oldsync",\
        "keyRotationSecret":"\(String(repeating: "0", count: 64))",\
        "keyRotationTimestamp":\(vector.integer("keyRotationTimestamp"))}}
        """)
  }

  func grant(
    bearer: String? = nil, clientID: String = OAuthClientIDs.withSession.first, answer: String? = nil
  ) -> Exchange {
    .post(
      "/oauth/token", authorization: bearer ?? vector.output("sessionBearer"),
      body: """
        {"client_id":"\(clientID)","grant_type":"fxa-credentials",\
        "scope":"https://identity.mozilla.com/apps/oldsync","access_type":"offline"}
        """,
      answer: answer
        ?? """
        {"access_token":"the-access-token","refresh_token":"the-refresh-token","token_type":"bearer",\
        "expires_in":21600,"scope":"https://identity.mozilla.com/apps/oldsync","auth_at":1700000000}
        """)
  }

  func destroySession(bearer: String? = nil, status: Int = 200, answer: String = "{}") -> Exchange {
    .post(
      "/session/destroy", authorization: bearer ?? vector.output("sessionBearer"), body: "{}", status: status,
      answer: answer)
  }

  /// A key bundle as the server makes it, in hexadecimal.
  static func bundle(kA: SecretBytes, wrapKB: SecretBytes, keyFetchToken: String) throws -> String {
    let token = try AccountToken(.keyFetch, hex: SecretBytes(utf8: keyFetchToken))
    let keys = try HKDFSHA256.deriveKey(
      from: token?.bundleKey ?? SecretBytes(utf8: ""), info: "identity.mozilla.com/picl/v1/account/keys",
      count: 96)
    let cipher = try SecretBytes.xor(SecretBytes.concatenating([kA, wrapKB]), keys[32..<96])
    let code = try cipher.withUnsafeBytes { try HMACSHA256.authenticationCode(for: $0, key: keys[0..<32]) }
    return (Hex.encode(cipher).exposedText() ?? "") + Hex.encode(code)
  }
}
