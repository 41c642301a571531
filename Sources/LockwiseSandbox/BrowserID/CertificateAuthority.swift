import CryptoExtras
import Foundation

/// The accounts server's own key, with which it certifies the keys of its users.
final class CertificateAuthority {
  private let key: _RSA.Signing.PrivateKey

  /// Makes a fresh one.
  ///
  /// - Throws: when swift-crypto does.
  init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

  /// The certificate over a public key.
  ///
  /// - Throws: when swift-crypto does.
  func certificate(_ payload: JSON) throws -> String {
    try SignedToken.text(payload, algorithm: "RS256") {
      Array(try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation)
    }
  }

  func isIssuer(of certificate: SignedToken) -> Bool { certificate.isSigned(by: .rsa(key.publicKey)) }

  /// The public key as the object of `/.well-known/browserid`.
  ///
  /// - Throws: when swift-crypto does.
  func publicKey() throws -> JSON {
    let numbers = try key.publicKey.getKeyPrimitives()
    return [
      "algorithm": "RS", "n": .string(BigUInt(numbers.modulus).decimal),
      "e": .string(BigUInt(numbers.publicExponent).decimal),
    ]
  }
}
