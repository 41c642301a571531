import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The keys that the sign-in page encrypts, and changed messages.
@Suite struct KeysJWETests {
  static func privateKey(_ vector: TestVectors.Vector, _ name: String) throws -> P256PrivateKey {
    let jwk = try #require(vector.inputs[name] as? [String: Any])
    let scalar = try #require(Base64.urlSafe.decode(jwk["d"] as? String ?? ""))
    let key = try P256PrivateKey(scalar: SecretBytes(copying: scalar))
    #expect(Base64.urlSafe.encode(key.publicKey.x) == jwk["x"] as? String)
    #expect(Base64.urlSafe.encode(key.publicKey.y) == jwk["y"] as? String)
    return key
  }

  // MARK: Published messages

  @Test func opensABundleOfTheCurrentFormat() throws {
    let vector = try TestVectors.named("keys-jwe-oldsync")
    let keys = KeysJWE(key: try Self.privateKey(vector, "recipientPrivateJwk"))
    let text = try keys.open(SecretBytes(utf8: vector.input("keysJwe")))
    #expect(text.exposedText() == vector.output("plaintext"))
    let key = try ScopedKeyBundle.oldSyncKey(in: text)
    #expect(key.kid == "1526414944666-zgTjf5oXmPmBjxwXWFsDWg" && key.key.count == 64)
    #expect(vector.output("plaintext").contains(#""k":"\#(Base64.urlSafe.encode(key.key).exposedText() ?? "?")""#))
  }

  @Test func opensAndSealsThePublishedMessage() throws {
    let vector = try TestVectors.named("keys-jwe-app-key")
    let recipient = try Self.privateKey(vector, "recipientPrivateJwk")
    let ephemeral = try Self.privateKey(vector, "ephemeralPrivateJwk")
    let text = try KeysJWE(key: recipient).open(SecretBytes(utf8: vector.input("keysJwe")))
    let key = #"{"app_key":{"k":"rTcZ5olrrJWqVD6bVtLjHJT0P6d_9IdpEgWT4zVzMb0","#
    #expect(text.exposedText() == key + #""kid":"1510726317-UvyHCg_RD3zKl_hQdlRsfw","kty":"oct"}}"#)
    let header = try #require(vector.input("keysJwe").split(separator: ".").first)
    let nonce = try #require(Hex.decode(vector.input("iv")))
    let sealed = try SealedKeys(headerSegment: String(header), plaintext: text, nonce: nonce)
      .text(from: ephemeral, to: recipient.publicKey)
    #expect(sealed == vector.output("reEncrypted"))
  }

  @Test func opensADirectlyEncryptedMessage() throws {
    let vector = try TestVectors.named("jwe-dir-a256gcm")
    let message = try CompactJWE(SecretBytes(utf8: vector.input("jwe")))
    #expect(try message.open(key: SecretBytes(utf8: vector.input("keyText"))).exposedText() == "Hello, World!")
    #expect(vector.output("plaintext") == "Hello, World!")
    #expect(throws: CryptoError.authenticationFailure) {
      try message.open(key: SecretBytes(utf8: "a_wrong256bitkeya_wrong256bitkey"))
    }
    let keys = try KeysJWE(random: SystemRandom())
    #expect(throws: JWEError.unsupported) { try keys.open(SecretBytes(utf8: vector.input("jwe"))) }
  }

  @Test func parameter() throws {
    let vector = try TestVectors.named("keys-jwe-oldsync")
    let keys = KeysJWE(key: try Self.privateKey(vector, "recipientPrivateJwk"))
    let json = try #require(Base64.urlSafe.decode(keys.parameter))
    #expect(
      String(decoding: json, as: UTF8.self) == """
        {"crv":"P-256","kty":"EC","x":"ARvGIPJ5eIFdp6YTM-INVDqwfun2R9FfCUvXbH7QCIU",\
        "y":"hk8gP0Po8nBh-WSiTsvsyesC5c1L6fGOEVuX8FHsvTs"}
        """)
  }

  // MARK: Changed messages

  /// The published message with one segment replaced.
  private func changed(_ index: Int, _ change: (String) throws -> String) throws -> (KeysJWE, SecretBytes) {
    let vector = try TestVectors.named("keys-jwe-oldsync")
    var segments = vector.input("keysJwe").split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    segments[index] = try change(segments[index])
    return (
      KeysJWE(key: try Self.privateKey(vector, "recipientPrivateJwk")),
      SecretBytes(utf8: segments.joined(separator: "."))
    )
  }

  @Test("A flipped bit anywhere in a segment is refused", arguments: [0, 2, 3, 4])
  func refusesFlippedBits(segment: Int) throws {
    let count = try #require(
      Base64.urlSafe.decode(
        String(
          TestVectors.named("keys-jwe-oldsync").input("keysJwe").split(
            separator: ".", omittingEmptySubsequences: false)[segment]))
    )
    .count
    for index in 0..<count {
      let (keys, text) = try changed(segment) {
        var bytes = try #require(Base64.urlSafe.decode($0))
        bytes[index] ^= 1
        return Base64.urlSafe.encode(bytes)
      }
      #expect(throws: (any Error).self, "byte \(index)") { try keys.open(text) }
    }
  }

  @Test(
    "A malformed segment is refused",
    arguments: [
      (0, ""), (0, "e30"), (0, "W10"), (0, "bm8"), (1, "AAAA"), (1, "A"), (2, ""), (2, "b9FPhjjpmAmo_rO"),
      (2, "b9FPhjjpmAmo_rP8AA"), (2, "b9FPhjjpmAmo/rP8"), (3, ""), (4, ""), (4, "zBD8NACkUcZTPLH0tceG"),
      (4, "zBD8NACkUcZTPLH0tceGnA=="), (4, "zBD8NACkUcZTPLH0tceGnB"), (4, "zBD8NACkUcZTPLH0tceGnA "),
      (4, "zBD8NACkUcZTPLH0tceGnA.AAAA"), (4, "zBD8NACkUcZTPLH0tceGnA."), (4, "\nzBD8NACkUcZTPLH0tceGnA"),
    ])
  func refusesMalformedSegments(index: Int, replacement: String) throws {
    let (keys, text) = try changed(index) { _ in replacement }
    #expect(throws: JWEError.self) { try keys.open(text) }
  }

  @Test(arguments: ["", ".", "....", "a.b.c.d", "a..b.c", "a..b.c.d.e", "not a message"])
  func refusesOtherNumbersOfSegments(text: String) throws {
    let keys = try KeysJWE(random: SystemRandom())
    #expect(throws: JWEError.malformed) { try keys.open(SecretBytes(utf8: text)) }
  }

  /// Authenticated headers with an error in each. `X` and `Y` stand for the coordinates.
  static let headers: [(header: String, error: JWEError?)] = [
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, nil),
    (
      #"{"enc":"A256GCM","kid":"k","typ":"JWE","epk":{"y":"Y","x":"X","crv":"P-256","kty":"EC","kid":"e"},"alg":"ECDH-ES"}"#,
      nil
    ),
    (#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"dir","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ecdh-es","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":["ECDH-ES"],"enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256CBC-HS512","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM"}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":"X"}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"OKP","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-384","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","y":"Y"}}"#, .malformed),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X"}}"#, .malformed),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X=","y":"Y"}}"#, .malformed),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"AAX","y":"Y"}}"#, .malformed),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y","d":"X"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","apu":"","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (#"{"alg":"ECDH-ES","enc":"A256GCM","zip":"DEF","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .unsupported),
    (
      #"{"alg":"ECDH-ES","enc":"A256GCM","crit":["b64"],"b64":false,"epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#,
      .unsupported
    ),
    (
      #"{"alg":"ECDH-ES","alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#, .malformed
    ),
    (
      #"{"alg":"ECDH-ES","\u0061lg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}"#,
      .malformed
    ),
  ]

  @Test(arguments: headers) func refusesOtherHeaders(header: String, error: JWEError?) throws {
    let ephemeral = try P256PrivateKey(random: SystemRandom())
    let recipient = try P256PrivateKey(random: SystemRandom())
    let text = try SealedKeys(
      header: header.replacing(#""X"#, with: "\"" + Base64.urlSafe.encode(ephemeral.publicKey.x))
        .replacing(#"AAX"#, with: "AA" + Base64.urlSafe.encode(ephemeral.publicKey.x))
        .replacing(#""Y"#, with: "\"" + Base64.urlSafe.encode(ephemeral.publicKey.y)),
      plaintext: SecretBytes(utf8: "the keys")
    ).text(from: ephemeral, to: recipient.publicKey)
    let open = { try KeysJWE(key: recipient).open(SecretBytes(utf8: text)) }
    if let error {
      #expect(throws: error) { try open() }
    } else {
      #expect(try open().exposedText() == "the keys")
    }
  }

  @Test func refusesAPointOffTheCurve() throws {
    let recipient = try P256PrivateKey(random: SystemRandom())
    let ephemeral = try P256PrivateKey(random: SystemRandom())
    let x = Base64.urlSafe.encode(ephemeral.publicKey.x)
    let y = Base64.urlSafe.encode(ephemeral.publicKey.y.map { $0 ^ 1 })
    let text = try SealedKeys(
      header: #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}}"#,
      plaintext: SecretBytes(utf8: "the keys")
    ).text(from: ephemeral, to: recipient.publicKey)
    #expect(throws: CryptoError.invalidParameters) { try KeysJWE(key: recipient).open(SecretBytes(utf8: text)) }
  }

  @Test func refusesAMessageToAnotherRecipient() throws {
    let vector = try TestVectors.named("keys-jwe-oldsync")
    let other = try KeysJWE(random: SystemRandom())
    #expect(throws: CryptoError.authenticationFailure) {
      try other.open(SecretBytes(utf8: vector.input("keysJwe")))
    }
  }

  // MARK: The bundle

  static let k = String(repeating: "A", count: 86)
  static let entry = #"{"kty":"oct","scope":"https://identity.mozilla.com/apps/oldsync","k":"K","kid":"KID"}"#

  /// Bundles, and whether they are accepted. `SYNC`, `K` and `KID` stand for the scope, a key and its id.
  static let bundles: [(bundle: String, isTaken: Bool)] = [
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"KID"}}"#, true),
    (#"{"SYNC":{"kty":"oct","k":"K","kid":"KID"}}"#, true),
    (#"{"SYNC":{"kty":"oct","scope":"profile","k":"K","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":null,"k":"K","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"EC","scope":"SYNC","k":"K","kid":"KID"}}"#, false),
    (#"{"SYNC":{"scope":"SYNC","k":"K","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K==","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"KA","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"AAAA","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"0-zgTjf5oXmPmBjxwXWFsDWg"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"-1-zgTjf5oXmPmBjxwXWFsDWg"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"1526414944666-zgTjf5oXmPmBjxwXWFsD"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"zgTjf5oXmPmBjxwXWFsDWg"}}"#, false),
    (#"{"SYNC":{"kty":"oct","scope":"SYNC","k":"K","kid":"KID","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","k":"K","kid":"KID"},"SYNC":{"kty":"oct","k":"K","kid":"KID"}}"#, false),
    (#"{"SYNC":{"kty":"oct","k":"K","kid":"KID"},"profile":{"kty":"oct","k":"K","kid":"KID"}}"#, false),
    (#"{"profile":{"kty":"oct","k":"K","kid":"KID"}}"#, false), ("{}", false), ("[]", false), ("", false),
    (#"{"SYNC":"K"}"#, false),
  ]

  @Test(arguments: bundles) func readsTheSyncKeyOfABundle(bundle: String, isTaken: Bool) throws {
    let text = bundle.replacing("SYNC", with: ScopedKey.oldSyncScope)
      .replacing("KID", with: "1526414944666-zgTjf5oXmPmBjxwXWFsDWg").replacing(#""K"#, with: "\"" + Self.k)
    if isTaken {
      #expect(try ScopedKeyBundle.oldSyncKey(in: SecretBytes(utf8: text)).scope == ScopedKey.oldSyncScope)
    } else {
      #expect(throws: AccountsError.tamperedKeyBundle) {
        try ScopedKeyBundle.oldSyncKey(in: SecretBytes(utf8: text))
      }
    }
  }
}

/// Makes a message of the page with any header.
struct SealedKeys {
  let headerSegment: String
  let plaintext: SecretBytes
  var nonce = [UInt8](repeating: 9, count: 12)

  init(headerSegment: String, plaintext: SecretBytes, nonce: [UInt8]) {
    self.headerSegment = headerSegment
    self.plaintext = plaintext
    self.nonce = nonce
  }

  init(header: String, plaintext: SecretBytes) {
    headerSegment = Base64.urlSafe.encode(Array(header.utf8))
    self.plaintext = plaintext
  }

  /// The header of the page's messages.
  init(plaintext: SecretBytes, from ephemeral: P256PrivateKey) {
    let x = Base64.urlSafe.encode(ephemeral.publicKey.x)
    let y = Base64.urlSafe.encode(ephemeral.publicKey.y)
    self.init(
      header: #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}}"#,
      plaintext: plaintext)
  }

  func text(from ephemeral: P256PrivateKey, to recipient: P256PublicKey) throws -> String {
    let key = try ConcatKDF.deriveKey(
      from: try ephemeral.sharedSecret(with: recipient), algorithm: "A256GCM", bits: 256)
    let sealed = try AES256GCM.seal(plaintext, key: key, nonce: nonce, associatedData: Array(headerSegment.utf8))
    let parts = [nonce, Array(sealed.dropLast(16)), Array(sealed.suffix(16))].map { Base64.urlSafe.encode($0) }
    return headerSegment + ".." + parts.joined(separator: ".")
  }
}
