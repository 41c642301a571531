import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// Scoped keys and client states, compared with published vectors.
@Suite struct ScopedKeyVectorTests {
  @Test func derivesTheSyncKey() throws {
    let vector = try TestVectors.named("scopedkey-oldsync")
    let key = try ScopedKey.oldSync(
      kB: SecretBytes(hex: vector.input("kB")), timestamp: Int64(vector.integer("keyRotationTimestamp")))
    #expect(Base64.urlSafe.encode(key.key).exposedText() == vector.output("k"))
    #expect(key.kid == vector.output("kid"))
    #expect(key.scope == vector.input("identifier"))
    #expect(
      key.jwk.exposedText()
        == #"{"kty":"oct","scope":"\#(key.scope)","k":"\#(vector.output("k"))","kid":"\#(key.kid)"}"#)
    #expect(ScopedKey.isKeyID(key.kid))
  }

  @Test(arguments: ["scopedkey-notes", "scopedkey-app-key"])
  func derivesOtherScopedKeys(_ name: String) throws {
    let vector = try TestVectors.named(name)
    let rotation = ScopedKey.Rotation(
      identifier: vector.input("identifier"), secret: SecretBytes(hex: vector.input("keyRotationSecret")),
      timestamp: Int64(vector.integer("keyRotationTimestamp")))
    let key = try ScopedKey.general(
      kB: SecretBytes(hex: vector.input("kB")), uid: Hex.decode(vector.input("uid")) ?? [],
      scope: vector.input("identifier"), rotation: rotation)
    #expect(Base64.urlSafe.encode(key.key).exposedText() == vector.output("k"), "\(name)")
    #expect(key.kid == vector.output("kid"), "\(name)")
  }

  @Test(arguments: ["client-state-630b070c", "client-state-6ae94683"])
  func derivesTheClientState(_ name: String) throws {
    let vector = try TestVectors.named(name)
    let key = try ScopedKey.oldSync(kB: SecretBytes(hex: vector.input("kB")), timestamp: 1)
    #expect(key.clientState == vector.output("clientStateHex"), "\(name)")
  }

  @Test func splitsTheKeyBundle() throws {
    let vector = try TestVectors.named("sync-key-bundle")
    let key = try ScopedKey.oldSync(kB: SecretBytes(hex: vector.input("kB")), timestamp: 1)
    #expect(Base64.standard.encode(key.key[0..<32]).exposedText() == vector.output("encKey"))
    #expect(Base64.standard.encode(key.key[32..<64]).exposedText() == vector.output("hmacKey"))
  }

  @Test(
    arguments: [
      "", "-", "1-", "0-w_NDVTH7Ap9OINQpwXCVYg", "-1-w_NDVTH7Ap9OINQpwXCVYg", "+1-w_NDVTH7Ap9OINQpwXCVYg",
      "x-w_NDVTH7Ap9OINQpwXCVYg", "1-w_NDVTH7Ap9OINQpwXCVYg==", "1-w_NDVTH7Ap9OINQpwXCVY",
      "1700000000123w_NDVTH7Ap9OINQpwXCVYg",
    ])
  func refusesInvalidKeyIDs(_ text: String) { #expect(!ScopedKey.isKeyID(text)) }

  @Test("A fingerprint can start with a hyphen") func acceptsAFingerprintThatStartsWithAHyphen() {
    #expect(ScopedKey.isKeyID("1--_NDVTH7Ap9OINQpwXCVYg"))
    let key = ScopedKey(scope: "", key: SecretBytes(utf8: ""), kid: "1--_NDVTH7Ap9OINQpwXCVYg")
    #expect(key.clientState.hasPrefix("fb"))
  }
}
