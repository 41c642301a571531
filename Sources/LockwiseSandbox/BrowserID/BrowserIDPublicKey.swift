import CryptoExtras
import Foundation

/// A public key of BrowserID, RSA or DSA.
enum BrowserIDPublicKey {
  case rsa(_RSA.Signing.PublicKey)
  case dsa(DSAPublicKey)

  /// Parses a key object, RSA's numbers in decimal and DSA's in hexadecimal; nil if the key is invalid.
  init?(_ json: JSON) {
    switch json["algorithm"]?.text {
    case "RS":
      guard let n = json["n"]?.text.flatMap(BigUInt.init(decimal:)), n.bitCount == 2048,
        let e = json["e"]?.text.flatMap(BigUInt.init(decimal:)),
        let key = try? _RSA.Signing.PublicKey(n: n.bytes, e: e.bytes)
      else { return nil }
      self = .rsa(key)
    case "DS":
      guard
        let key = DSAPublicKey(
          p: json["p"]?.text, q: json["q"]?.text, g: json["g"]?.text, y: json["y"]?.text)
      else { return nil }
      self = .dsa(key)
    default: return nil
    }
  }

  /// The `alg` of tokens that the key verifies.
  var algorithm: String {
    switch self {
    case .rsa: "RS256"
    case .dsa(let key): key.algorithm
    }
  }

  /// Returns whether a signature is valid for a message.
  func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    switch self {
    case .rsa(let key):
      key.isValidSignature(
        _RSA.Signing.RSASignature(rawRepresentation: signature), for: message, padding: .insecurePKCS1v1_5)
    case .dsa(let key): key.isValid(signature, for: message)
    }
  }
}
