import LockwiseCore

/// The account's keys as the sign-in page sends them: encrypted to a key pair created for this sign-in, so that the
/// servers in between cannot read them (Mozilla accounts, "Scoped keys"; ECDH-ES with A256GCM, RFC 7518 sections 4.6
/// and 5.3).
struct KeysJWE {
  private let key: P256PrivateKey

  /// Creates a key pair.
  ///
  /// - Throws: `CryptoError.unavailable`.
  init(random: some RandomSource) throws { key = try P256PrivateKey(random: random) }

  /// Creates a value from a key pair.
  init(key: P256PrivateKey) { self.key = key }

  /// The public key in the form for the page: a JSON Web Key (RFC 7517) in base64url.
  var parameter: String {
    var writer = JSONObjectWriter()
    writer.member("crv", "P-256")
    writer.member("kty", "EC")
    writer.member("x", Base64.urlSafe.encode(key.publicKey.x))
    writer.member("y", Base64.urlSafe.encode(key.publicKey.y))
    return Base64.urlSafe.encode(writer.finish()).exposedText() ?? ""
  }

  /// Decrypts the page's message.
  ///
  /// - Parameter text: the compact serialisation.
  /// - Throws: `JWEError`, `CryptoError`.
  func open(_ text: SecretBytes) throws -> SecretBytes {
    let message = try CompactJWE(text)
    let sender = try Self.sender(message.header)
    let contentKey = try ConcatKDF.deriveKey(
      from: try key.sharedSecret(with: sender), algorithm: "A256GCM", bits: 256)
    return try message.open(key: contentKey)
  }

  /// Members that change how a message is read. Mozilla's page sends none of them, and its other clients differ from
  /// RFC 7518 on `apu` and `apv`.
  private static let refused = ["apu", "apv", "crit", "zip"]

  private static func sender(_ header: JSONObject) throws -> P256PublicKey {
    guard header["alg"]?.string == "ECDH-ES", header["enc"]?.string == "A256GCM",
      refused.allSatisfy({ header[$0] == nil })
    else { throw JWEError.unsupported }
    guard let epk = header["epk"]?.object, epk.hasDistinctNames, epk["kty"]?.string == "EC",
      epk["crv"]?.string == "P-256", epk["d"] == nil
    else { throw JWEError.unsupported }
    func coordinate(_ name: String) throws(JWEError) -> [UInt8] {
      guard let bytes = epk[name]?.string.flatMap({ Base64.urlSafe.decode($0) }), bytes.count == 32 else {
        throw .malformed
      }
      return bytes
    }
    return try P256PublicKey(x: coordinate("x"), y: coordinate("y"))
  }
}
