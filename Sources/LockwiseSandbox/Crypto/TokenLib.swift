import Foundation

/// The storage tokens of Mozilla's tokenlib: a signed JSON text as Hawk id, and a Hawk key derived from it.
struct TokenLib {
  private let secret: [UInt8]
  private let signingKey: [UInt8]

  /// Derives the signing key from the secret of the server.
  init(secret: String) {
    self.secret = Array(secret.utf8)
    signingKey = Derive.hkdf(self.secret, info: "services.mozilla.com/tokenlib/v1/signing", count: 32)
  }

  /// Returns the Hawk id and key for a payload with a `salt` member. The ASCII bytes of the key's text are the key.
  func issue(_ payload: JSON) -> (id: String, key: String) {
    let text = payload.bytes
    let id = Base64.urlPadded(text + Derive.hmac(signingKey, text))
    return (id, key(id: id, salt: payload["salt"]?.text ?? ""))
  }

  /// Returns the payload and key of an id that was signed with this secret; nil for any other id.
  func open(id: String) -> (payload: JSON, key: String)? {
    guard let bytes = Base64.decodeURL(id), bytes.count > 32 else { return nil }
    let text = Array(bytes[..<(bytes.count - 32)])
    guard Derive.equal(bytes[(bytes.count - 32)...], Derive.hmac(signingKey, text)),
      let payload = try? JSON(parsing: text), let salt = payload["salt"]?.text
    else { return nil }
    return (payload, key(id: id, salt: salt))
  }

  private func key(id: String, salt: String) -> String {
    Base64.urlPadded(
      Derive.hkdf(
        secret, salt: Array(salt.utf8), info: "services.mozilla.com/tokenlib/v1/derive/" + id, count: 32))
  }
}
