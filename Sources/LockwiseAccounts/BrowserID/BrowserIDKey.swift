import LockwiseCore

/// A key pair of BrowserID, created for one run and never stored (BrowserID specification, "Public Keys").
struct BrowserIDKey {
  private enum Key {
    case rsa(RSAPrivateKey)
    case dsa(DSAPrivateKey)
  }

  private let key: Key

  /// Creates a new key pair.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  init(_ kind: BrowserIDKeyKind) throws {
    key =
      switch kind {
      case .rsa: .rsa(try RSAPrivateKey())
      case .dsa: .dsa(try DSAPrivateKey(.bits2048))
      case .dsa1024: .dsa(try DSAPrivateKey(.bits1024))
      }
  }

  /// The `alg` of the key's signatures.
  private var algorithm: String {
    switch key {
    case .rsa: "RS256"
    case .dsa(let key): key.size == .bits1024 ? "DS128" : "DS256"
    }
  }

  /// The public key as an object: RSA's numbers in decimal, DSA's in hexadecimal.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func publicKey() throws -> SecretBytes {
    var writer = JSONObjectWriter()
    switch key {
    case .rsa(let key):
      writer.member("algorithm", "RS")
      writer.member("n", try key.modulus())
      writer.member("e", try key.exponent())
    case .dsa(let key):
      writer.member("algorithm", "DS")
      for number in [DSAPrivateKey.Number.y, .p, .q, .g] {
        writer.member(number.rawValue, Hex.encode(try key.bytes(number)))
      }
    }
    return writer.finish()
  }

  /// A signed token (RFC 7515 section 3.1, with BrowserID's algorithms).
  ///
  /// - Parameter payload: a JSON object.
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func token(_ payload: SecretBytes) throws -> SecretBytes {
    var header = JSONObjectWriter()
    header.member("alg", algorithm)
    let point = SecretBytes(utf8: ".")
    let signed = SecretBytes.concatenating([
      Base64.urlSafe.encode(header.finish()), point, Base64.urlSafe.encode(payload),
    ])
    let signature =
      switch key {
      case .rsa(let key): try key.signature(for: signed)
      case .dsa(let key): try key.signature(for: signed)
      }
    return SecretBytes.concatenating([signed, point, SecretBytes(utf8: Base64.urlSafe.encode(signature))])
  }
}
