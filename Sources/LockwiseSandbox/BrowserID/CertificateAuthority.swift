import CryptoExtras
import Foundation

/// The key with which the accounts server certifies the keys of its users.
final class CertificateAuthority {
  private let key: _RSA.Signing.PrivateKey

  /// Makes a new 2048-bit RSA key.
  ///
  /// - Throws: an error if swift-crypto cannot.
  init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

  /// Returns a certificate with this payload, as a signed token.
  ///
  /// - Throws: an error if swift-crypto cannot sign.
  func certificate(_ payload: JSON) throws -> String {
    try SignedToken.text(payload, algorithm: "RS256") {
      Array(try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation)
    }
  }

  /// Returns whether this key signed a certificate.
  func isIssuer(of certificate: SignedToken) -> Bool { certificate.isSigned(by: .rsa(key.publicKey)) }

  /// Returns the public key as the key object of `/.well-known/browserid`.
  ///
  /// - Throws: an error if swift-crypto does not return the numbers.
  func publicKey() throws -> JSON {
    let numbers = try key.publicKey.getKeyPrimitives()
    return [
      "algorithm": "RS", "n": .string(BigUInt(numbers.modulus).decimal),
      "e": .string(BigUInt(numbers.publicExponent).decimal),
    ]
  }
}
