import Foundation
import Testing

@testable import LockwiseSandbox

/// The computations of the servers, compared with published values.
@Suite struct VectorTests {
  struct Vector: CustomStringConvertible {
    let description: String
    let inputs: JSON
    let expected: JSON

    func hex(_ name: String) throws -> [UInt8] {
      let text = try text(name)
      return try #require(Hex.decode(text), "\(self)")
    }
    func text(_ name: String) throws -> String { try #require(inputs[name]?.text, "\(self)") }
    func expects(_ name: String) throws -> String { try #require(expected[name]?.text, "\(self)") }
  }

  static let all: [Vector] = {
    let file = TestSandbox.fixture.appending(path: "vectors.json")
    guard let data = try? Data(contentsOf: file), let json = try? JSON(parsing: data) else { return [] }
    return (json["vectors"]?.list ?? []).map {
      Vector(
        description: $0["name"]?.text ?? "", inputs: $0["inputs"] ?? .null, expected: $0["expected"] ?? .null)
    }
  }()

  private func vector(_ name: String) throws -> Vector {
    try #require(Self.all.first { $0.description == name })
  }

  @Test func computesTheVerifyHash() throws {
    let vector = try vector("server-verify-hash")
    let verifier = try PasswordVerifier(authPW: vector.hex("authPW"), authSalt: vector.hex("authSalt"))
    #expect(Hex.encode(verifier.bigStretchedPW) == (try vector.expects("bigStretchedPW")))
    #expect(Hex.encode(verifier.verifyHash) == (try vector.expects("verifyHash")))
    #expect(Hex.encode(verifier.wrapwrapKey) == (try vector.expects("wrapwrapKey")))
    let wrapKB = Derive.xor(try vector.hex("wrapWrapKB"), verifier.wrapwrapKey)
    #expect(Hex.encode(wrapKB) == (try vector.expects("wrapKB")))
  }

  @Test func stretchesPasswords() throws {
    for name in ["onepw-v1-andre", "onepw-v2-fxa-auth-client", "onepw-v2-pyfxa-andre"] {
      let vector = try vector(name)
      let stretch =
        if let salt = vector.inputs["clientSalt"]?.text {
          try PasswordStretch(clientSalt: salt, password: vector.text("password"))
        } else {
          try PasswordStretch(email: vector.text("email"), password: vector.text("password"))
        }
      #expect(Hex.encode(stretch.authPW) == (try vector.expects("authPW")), "\(name)")
      #expect(Hex.encode(stretch.unwrapBKey) == (try vector.expects("unwrapBKey")), "\(name)")
    }
  }

  @Test func derivesTokens() throws {
    var used = 0
    for vector in Self.all where vector.description.hasPrefix("token-") {
      let info = vector.inputs["hkdfInfo"]?.text ?? ""
      let kind = try #require(DerivedToken.Kind.allCases.first { info.hasSuffix("/" + $0.rawValue) })
      let token = DerivedToken(try vector.hex("token"), kind: kind)
      if let id = vector.expected["id"]?.text { #expect(token.id == id, "\(vector)") }
      if let key = vector.expected["hawkKey"]?.text { #expect(Hex.encode(token.hawkKey) == key, "\(vector)") }
      if let key = vector.expected["bundleKey"]?.text {
        #expect(Hex.encode(token.bundleKey) == key, "\(vector)")
      }
      if let header = vector.expected["authorizationHeader"]?.text {
        #expect("Bearer \(kind.bearerPrefix)_\(token.id)" == header, "\(vector)")
      }
      used += 1
    }
    #expect(used == 9)
  }

  @Test func sealsTheKeyBundle() throws {
    let vector = try vector("account-keys-bundle")
    let bundle = KeyBundle.seal(
      kA: try vector.hex("kA"), wrapKB: try vector.hex("wrapKB"), bundleKey: try vector.hex("bundleKey"))
    #expect(Hex.encode(bundle) == (try vector.expects("bundle")))
  }

  @Test func derivesTheSyncKeys() throws {
    let scoped = try vector("scopedkey-oldsync")
    let key = SyncKey(kB: try scoped.hex("kB"))
    let time = try #require(scoped.inputs["keyRotationTimestamp"]?.int)
    #expect(key.keyID(changedAt: time) == (try scoped.expects("kid")))
    #expect(Base64.url(key.bundle.encryptionKey + key.bundle.hmacKey) == (try scoped.expects("k")))
    for name in ["client-state-630b070c", "client-state-6ae94683"] {
      let vector = try vector(name)
      #expect(
        Hex.encode(SyncKey(kB: try vector.hex("kB")).clientState) == (try vector.expects("clientStateHex")))
    }
  }

  @Test func encryptsRecords() throws {
    let vector = try vector("record-encrypt-history")
    let cipher = try #require(RecordCipher(.strings([vector.text("encKey"), vector.text("hmacKey")])))
    let iv = try #require(Base64.decodeStandard(vector.text("IV")))
    let payload = try cipher.encrypt(Array(vector.text("cleartext").utf8), iv: iv)
    #expect(payload["ciphertext"]?.text == (try vector.expects("ciphertext")))
    #expect(payload["hmac"]?.text == (try vector.expects("hmac")))
    #expect(try cipher.decrypt(payload: payload.encodedText) == JSON(parsing: vector.text("cleartext")))

    let keys = try self.vector("crypto-keys-record")
    let bundle = try #require(RecordCipher(.strings([keys.text("encKey"), keys.text("hmacKey")])))
    let cleartext = try bundle.decrypt(payload: keys.text("payload"))
    #expect(RecordCipher(cleartext["default"]) != nil)
    let wrong = try keys.text("payload").replacing("c2cca141", with: "c2cca142")
    #expect(throws: RecordCipher.Failure.wrongHMAC) { try bundle.decrypt(payload: wrong) }
  }

  @Test func signsWithHawk() throws {
    let get = try vector("hawk-get")
    let post = try vector("hawk-post-payload")
    let hash = HawkHeader.payloadHash(
      contentType: try post.text("contentType"), body: Data(try post.text("payload").utf8))
    #expect(hash == (try post.expects("hash")))
    for (vector, hash) in [(get, ""), (post, hash)] {
      let ext = try vector.text("ext")
      let value =
        "Hawk id=\"\(try vector.text("id"))\", ts=\"\(vector.inputs["ts"]?.int ?? 0)\", "
        + "nonce=\"\(try vector.text("nonce"))\", hash=\"\(hash)\", ext=\"\(ext)\", mac=\"x\""
      let header = try #require(HawkHeader(value))
      let mac = header.expectedMAC(
        key: Array(try vector.text("key").utf8), method: try vector.text("method"),
        target: try vector.text("path"), host: try vector.text("host"),
        port: try #require(vector.inputs["port"]?.int))
      #expect(mac == (try vector.expects("mac")), "\(vector)")
    }
  }

  @Test func signsStorageTokens() throws {
    for name in ["tokenlib-hawk-storage", "tokenlib-hawk-storage-query"] {
      let vector = try vector(name)
      let opened = try #require(
        TokenLib(secret: vector.text("masterSecret")).open(id: vector.text("tokenId")))
      #expect(opened.payload["uid"]?.int == 1)
      let value =
        "Hawk id=\"\(try vector.text("tokenId"))\", ts=\"\(vector.inputs["ts"]?.int ?? 0)\", "
        + "nonce=\"\(try vector.text("nonce"))\", mac=\"x\""
      let mac = try #require(HawkHeader(value)).expectedMAC(
        key: Array(opened.key.utf8), method: try vector.text("method"), target: try vector.text("path"),
        host: try vector.text("host"), port: try #require(vector.inputs["port"]?.int))
      #expect(mac == (try vector.expects("mac")), "\(name)")
      #expect(TokenLib(secret: "another").open(id: try vector.text("tokenId")) == nil)
    }
    let library = TokenLib(secret: "secret")
    let (id, key) = library.issue(["uid": 5, "salt": "abcdef"])
    #expect(library.open(id: id)?.key == key)
    #expect(library.open(id: "A" + id.dropFirst()) == nil)
  }

  @Test func computesOneTimeCodes() throws {
    for vector in Self.all where vector.description.hasPrefix("rfc6238-") {
      let code = OneTimeCode.code(
        secret: try vector.hex("secret"), unixTime: try #require(vector.inputs["unix_time"]?.int), digits: 8)
      #expect(code == (try vector.expects("code")), "\(vector)")
    }
  }

  @Test func derivesKeysFromThePassword() throws {
    let vector = try vector("e2e-login-to-password-record")
    let stretch = try PasswordStretch(email: vector.text("email"), password: vector.text("password"))
    #expect(Hex.encode(stretch.authPW) == (try vector.expects("authPW")))
    let kB = try vector.hex("kB")
    let wrapKB = Derive.xor(kB, stretch.unwrapBKey)
    #expect(Hex.encode(wrapKB) == (try vector.expects("wrapKB")))
    let token = DerivedToken(try vector.hex("keyFetchToken"), kind: .keyFetch)
    let bundle = KeyBundle.seal(kA: try vector.hex("kA"), wrapKB: wrapKB, bundleKey: token.bundleKey)
    #expect(Hex.encode(bundle) == (try vector.expects("bundle")))
    let keyID = SyncKey(kB: kB).keyID(changedAt: try #require(vector.inputs["keyRotationTimestamp"]?.int))
    #expect(keyID == (try vector.expects("xKeyId")))
  }
}
