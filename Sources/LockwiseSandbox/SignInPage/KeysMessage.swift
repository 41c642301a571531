import Crypto
import Foundation

/// The encryption of scoped keys to the `keys_jwk` of a request: a compact JWE with ECDH-ES and A256GCM (RFC 7516,
/// RFC 7518 section 4.6).
struct KeysMessage {
  private let recipient: P256.KeyAgreement.PublicKey

  /// Parses a `keys_jwk`, a JSON Web Key in base64url.
  ///
  /// - Throws: ``AuthError`` 107 unless it is a public key of P-256.
  init(keysJWK: String) throws {
    guard let bytes = Base64.decodeURL(keysJWK), let jwk = try? JSON(parsing: Data(bytes)),
      jwk["kty"]?.text == "EC", jwk["crv"]?.text == "P-256", jwk["d"] == nil,
      let x = jwk["x"]?.text.flatMap({ Base64.decodeURL($0) }), x.count == 32,
      let y = jwk["y"]?.text.flatMap({ Base64.decodeURL($0) }), y.count == 32,
      let key = try? P256.KeyAgreement.PublicKey(x963Representation: [4] + x + y)
    else { throw AuthError.invalid("keys_jwk") }
    recipient = key
  }

  /// Makes an encryption to a random key, which no client can decrypt.
  init() { recipient = P256.KeyAgreement.PrivateKey().publicKey }

  /// Encrypts JSON as a compact JWE.
  ///
  /// - Throws: an error if the key agreement fails.
  func seal(_ plaintext: JSON) throws -> String {
    let ephemeral = P256.KeyAgreement.PrivateKey()
    let point = Array(ephemeral.publicKey.x963Representation)
    let header: JSON = [
      "alg": "ECDH-ES", "enc": "A256GCM",
      "epk": [
        "kty": "EC", "crv": "P-256", "x": .string(Base64.url(point[1...32])), "y": .string(Base64.url(point[33...64])),
      ],
    ]
    let segment = Base64.url(header.encoded)
    let agreed = try ephemeral.sharedSecretFromKeyAgreement(with: recipient)
    let box = try AES.GCM.seal(
      plaintext.encoded, using: Self.contentKey(agreed), authenticating: Data(segment.utf8))
    return [segment, "", Base64.url(box.nonce), Base64.url(box.ciphertext), Base64.url(box.tag)].joined(separator: ".")
  }

  /// Derives the content key by one round of Concat KDF (NIST SP 800-56A section 5.8.1).
  static func contentKey(_ agreed: SharedSecret) -> SymmetricKey {
    var hash = SHA256()
    hash.update(data: [0, 0, 0, 1])
    agreed.withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.update(data: [0, 0, 0, 7] + Array("A256GCM".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0])
    return SymmetricKey(data: hash.finalize())
  }
}
