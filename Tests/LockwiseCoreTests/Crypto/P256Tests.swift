import LockwiseCore
import LockwiseTestSupport
import Testing

/// Key agreement on P-256 and key derivation from the shared secret.
@Suite struct P256Tests {
  private static func bytes(_ jwk: [String: Any], _ name: String) throws -> [UInt8] {
    try #require(Base64.urlSafe.decode(jwk[name] as? String ?? ""))
  }

  private func parts() throws -> (own: P256PrivateKey, peer: P256PrivateKey, vector: TestVectors.Vector) {
    let vector = try TestVectors.named("rfc7518-appendix-c")
    let ephemeral = try #require(vector.inputs["ephemeralPrivateJwk"] as? [String: Any])
    let recipient = try #require(Base64.urlSafe.decode(vector.input("recipientPrivateD")))
    return (
      try P256PrivateKey(scalar: SecretBytes(copying: try Self.bytes(ephemeral, "d"))),
      try P256PrivateKey(scalar: SecretBytes(copying: recipient)), vector
    )
  }

  @Test func publicKeysOfTheRFC() throws {
    let (own, peer, vector) = try parts()
    for (key, name) in [(own, "ephemeralPrivateJwk"), (peer, "recipientPublicJwk")] {
      let jwk = try #require(vector.inputs[name] as? [String: Any])
      #expect(key.publicKey.x == (try Self.bytes(jwk, "x")))
      #expect(key.publicKey.y == (try Self.bytes(jwk, "y")))
    }
  }

  @Test func agreementOfTheRFC() throws {
    let (own, peer, vector) = try parts()
    let secret = try own.sharedSecret(with: peer.publicKey)
    #expect(Hex.encode(secret).exposedText() == vector.output("Z"))
    #expect(try peer.sharedSecret(with: own.publicKey) == secret)
    let key = try ConcatKDF.deriveKey(
      from: secret, algorithm: vector.input("algorithmID"), partyU: Array(vector.input("apuText").utf8),
      partyV: Array(vector.input("apvText").utf8), bits: vector.integer("keydatalen"))
    #expect(Base64.urlSafe.encode(key).exposedText() == vector.output("derivedKey"))
  }

  /// The private key 1 gives the generator, and the order minus 1 gives its negative (SEC 2 section 2.4.2).
  private static let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
  private static let generatorX = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"

  @Test func smallestAndLargestPrivateKey() throws {
    let one = try P256PrivateKey(scalar: SecretBytes(copying: [UInt8](repeating: 0, count: 31) + [1]))
    let last = try P256PrivateKey(scalar: SecretBytes(copying: try #require(Hex.decode(Self.order.dropLast() + "0"))))
    #expect(Hex.encode(one.publicKey.x) == Self.generatorX)
    #expect(last.publicKey.x == one.publicKey.x && last.publicKey.y != one.publicKey.y)
  }

  @Test(arguments: [String(repeating: "0", count: 64), order, String(repeating: "f", count: 64)])
  func privateKeysOutsideTheGroup(hex: String) throws {
    let scalar = SecretBytes(copying: try #require(Hex.decode(hex)))
    #expect(throws: CryptoError.invalidParameters) { try P256PrivateKey(scalar: scalar) }
  }

  @Test func wrongSizes() throws {
    #expect(throws: CryptoError.incorrectSize) {
      try P256PrivateKey(scalar: SecretBytes(copying: [UInt8](repeating: 1, count: 31)))
    }
    let key = try P256PrivateKey(random: SystemRandom()).publicKey
    #expect(throws: CryptoError.incorrectSize) { try P256PublicKey(x: key.x.dropLast(), y: key.y) }
    #expect(throws: CryptoError.incorrectSize) { try P256PublicKey(x: key.x, y: key.y + [0]) }
    #expect(throws: CryptoError.incorrectSize) {
      try ConcatKDF.deriveKey(from: SecretBytes(utf8: "x"), algorithm: "A256GCM", bits: 264)
    }
  }

  @Test func pointsOffTheCurve() throws {
    let key = try parts().own.publicKey
    #expect(try P256PublicKey(x: key.x, y: key.y) == key)
    let zero = [UInt8](repeating: 0, count: 32)
    let all = [UInt8](repeating: 0xFF, count: 32)
    var next = key.y
    next[31] ^= 1
    for (x, y) in [(key.x, next), (key.y, key.x), (zero, zero), (key.x, zero), (all, key.y)] {
      #expect(throws: CryptoError.invalidParameters) { try P256PublicKey(x: x, y: y) }
    }
  }

  @Test func freshKeysAgree() throws {
    let left = try P256PrivateKey(random: SystemRandom())
    let right = try P256PrivateKey(random: SystemRandom())
    #expect(left.publicKey != right.publicKey)
    #expect(try left.sharedSecret(with: right.publicKey) == right.sharedSecret(with: left.publicKey))
  }

  @Test("Candidates outside the group are skipped")
  func candidates() throws {
    final class Candidates: RandomSource, @unchecked Sendable {
      var bytes: [[UInt8]] = [[UInt8](repeating: 0xFF, count: 32), [UInt8](repeating: 0, count: 31) + [1]]
      func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        guard !bytes.isEmpty else { throw CryptoError.unavailable }
        buffer.copyBytes(from: bytes.removeFirst())
      }
    }
    #expect(Hex.encode(try P256PrivateKey(random: Candidates()).publicKey.x) == Self.generatorX)
  }
}
