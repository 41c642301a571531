import CryptoExtras
import Foundation
import Testing

@testable import LockwiseSandbox

/// Certificates and assertions, valid and invalid.
@Suite struct BrowserIDTests {
  private static let key = Task { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

  private static func publicKey() async throws -> JSON {
    let numbers = try await key.value.publicKey.getKeyPrimitives()
    return [
      "algorithm": "RS", "n": .string(BigUInt(numbers.modulus).decimal),
      "e": .string(BigUInt(numbers.publicExponent).decimal),
    ]
  }

  private static func sign(_ payload: JSON) async throws -> String {
    let key = try await key.value
    return try SignedToken.text(payload, algorithm: "RS256") {
      Array(try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation)
    }
  }

  private static func certify(
    _ test: TestSandbox, key: JSON? = nil, duration: JSON = 3_600_000
  ) async throws -> RawHTTP.Response {
    let publicKey: JSON
    if let key { publicKey = key } else { publicKey = try await Self.publicKey() }
    return try await test.send(
      "POST", "/auth/v1/certificate/sign", ["publicKey": publicKey, "duration": duration],
      headers: try await test.session())
  }

  private static func certificate(_ test: TestSandbox, duration: JSON = 3_600_000) async throws -> String {
    let response = try await certify(test, duration: duration)
    return try #require(try JSON(parsing: response.body)["cert"]?.text, "\(response.text)")
  }

  private static let later = Int(Date().timeIntervalSince1970 * 1000) + 300_000

  private static func word(
    _ test: TestSandbox, _ backed: String, state: String = "0758660ee61326d82072411998ed29d2"
  ) async throws -> String? {
    let headers = [("Authorization", "BrowserID " + backed), ("X-Client-State", state)]
    let response = try await test.send("GET", "/token/1.0/sync/1.5", headers: headers)
    if response.status == 200 { return "ok" }
    #expect(response.status == 401 && response.header("X-Timestamp") != nil)
    return try JSON(parsing: response.body)["status"]?.text
  }

  @Test func isOffByDefault() async throws {
    try await TestSandbox.run { (test) async throws in
      let response = try await Self.certify(test)
      #expect(response.status == 404)
      #expect(try JSON(parsing: response.body)["errno"] == 116)
      #expect(try await test.send("GET", "/.well-known/browserid").status == 404)
      #expect(try await Self.word(test, "a.b.c~d.e.f") == "invalid-credentials")
    }
  }

  @Test func opensTheSameStorageAsOAuth() async throws {
    try await TestSandbox.run(switches: ["accounts.browserid=true"]) { (test) async throws in
      let certificate = try await Self.certificate(test)
      let good = try await Self.sign(["aud": .string(test.base), "iss": "x", "exp": .int(Self.later)])
      let headers = [
        ("Authorization", "BrowserID \(certificate)~\(good)"), ("X-Client-State", "0758660ee61326d82072411998ed29d2"),
      ]
      let response = try await test.send("GET", "/token/1.0/sync/1.5", headers: headers)
      let bearer = try await test.storageToken(try await test.accessToken())
      #expect(try JSON(parsing: response.body)["uid"] == (try JSON(parsing: bearer.body)["uid"]))
      #expect(response.status == 200)
    }
  }

  @Test func refusesInvalidAssertions() async throws {
    try await TestSandbox.run(switches: ["accounts.browserid=true"]) { (test) async throws in
      let certificate = try await Self.certificate(test)
      let good = try await Self.sign(["aud": .string(test.base), "exp": .int(Self.later)])
      #expect(try await Self.word(test, certificate + "~" + good) == "ok")
      func flipped(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let index = bytes.count - 20
        bytes[index] = bytes[index] == 65 ? 66 : 65
        return String(decoding: bytes, as: UTF8.self)
      }
      let other = try await Self.sign(["aud": "https://other.test", "exp": .int(Self.later)])
      let seconds = try await Self.sign(["aud": .string(test.base), "exp": .int(Self.later / 1000)])
      let unsigned = SignedToken.text(["aud": .string(test.base), "exp": .int(Self.later)], algorithm: "none") { _ in []
      }
      let renamed = "eyJhbGciOiJEUzI1NiJ9" + good.drop { $0 != "." }
      for (backed, word) in [
        (good, "invalid-credentials"), ("\(certificate)~\(certificate)~\(good)", "invalid-credentials"),
        ("~", "invalid-credentials"),
        ("\(certificate)~", "invalid-credentials"), ("\(flipped(certificate))~\(good)", "invalid-credentials"),
        ("\(certificate)~\(flipped(good))", "invalid-credentials"), ("\(certificate)~\(other)", "invalid-credentials"),
        ("\(good)~\(good)", "invalid-credentials"), ("\(certificate)~\(unsigned)", "invalid-credentials"),
        ("\(certificate)~\(renamed)", "invalid-credentials"), ("\(certificate)~\(seconds)", "invalid-timestamp"),
      ] { #expect(try await Self.word(test, backed) == word, "\(backed)") }
      for state in ["", "0758660ee61326d82072411998ed29", "00000000000000000000000000000000"] {
        #expect(try await Self.word(test, certificate + "~" + good, state: state) == "invalid-client-state")
      }
      let short = try await Self.certificate(test, duration: 60_000)
      #expect(try await Self.word(test, short + "~" + good) == "ok")
      try await test.moveClock(61)
      #expect(try await Self.word(test, short + "~" + good) == "invalid-timestamp")
      #expect(try await Self.word(test, certificate + "~" + good) == "ok")
    }
  }

  @Test func refusesToCertifyInvalidKeys() async throws {
    try await TestSandbox.run(switches: ["accounts.browserid=true"]) { (test) async throws in
      func errno(_ key: JSON? = nil, _ duration: JSON = 1) async throws -> JSON? {
        try JSON(parsing: try await Self.certify(test, key: key, duration: duration).body)["errno"]
      }
      #expect(try await errno(nil, 86_400_000) == nil)
      for duration in [86_400_001, -1, "1", nil] as [JSON] { #expect(try await errno(nil, duration) == 107) }
      for key in [
        [:], ["algorithm": "RS", "n": "12", "e": "65537"], ["algorithm": "DS", "p": "7", "q": "3", "g": "2", "y": "4"],
        ["algorithm": "XX"],
      ] as [JSON] { #expect(try await errno(key) == 107) }
      let nobody = try await test.send("POST", "/auth/v1/certificate/sign", ["duration": 1])
      #expect(nobody.status == 401)
    }
  }

  // MARK: Numbers

  @Test(arguments: ["rfc6979-dsa-1024-sha1", "rfc6979-dsa-2048-sha256"]) func verifiesDSASignatures(name: String) throws
  {
    let vector = try #require(VectorTests.all.first { $0.description == name })
    let numbers = try ["p", "q", "g", "y"].map { try vector.text($0) }
    let key = try #require(DSAPublicKey(p: numbers[0], q: numbers[1], g: numbers[2], y: numbers[3]))
    let signature = try #require(Hex.decode(try vector.expects("signature")))
    let message = Array(try vector.text("message").utf8)
    #expect(key.isValid(signature, for: message))
    #expect(!key.isValid(signature, for: message + [0]))
    for index in signature.indices {
      var other = signature
      other[index] ^= 1
      if index % 8 == 0 { #expect(!key.isValid(other, for: message)) }
    }
    #expect(!key.isValid(signature + [0], for: message))
    #expect(!key.isValid([UInt8](repeating: 0, count: signature.count), for: message))
    #expect(DSAPublicKey(p: numbers[0], q: numbers[1], g: numbers[2], y: "03") == nil)
  }

  @Test func computesWithLargeNumbers() throws {
    // 2^89 - 1 is a prime (a Mersenne prime), 3 to the power of one less is 1.
    let prime = try #require(BigUInt(decimal: "618970019642690137449562111"))
    #expect(BigUInt([3]).power(prime - .one, modulo: prime) == .one)
    #expect(prime.bitCount == 89 && prime.decimal == "618970019642690137449562111")
    #expect(prime.bytes == [1] + [UInt8](repeating: 255, count: 11))
    #expect(BigUInt(decimal: "") == nil && BigUInt(decimal: "-1") == nil && BigUInt(hex: "g") == nil)
    #expect(BigUInt([]).decimal == "0" && (BigUInt([5]) % BigUInt([5])).isZero)
    // The estimate of a quotient digit is one too large (Knuth 4.3.1, step D6).
    let left = BigUInt([0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0] + [UInt8](repeating: 0, count: 8))
    let right = BigUInt([0x80, 0, 0, 0] + [UInt8](repeating: 0, count: 4) + [0, 0, 0, 1])
    let remainder = left % right
    #expect(remainder < right && (left - remainder) % right == BigUInt([]))
    var seed: UInt64 = 42
    func random(_ count: Int) -> BigUInt {
      BigUInt(
        (0..<count).map { _ in
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          // Limbs of only ones or zeros.
          return [0, 255, UInt8(truncatingIfNeeded: seed >> 33)][Int(seed >> 62) % 3]
        })
    }
    for round in 0..<2000 {
      let (a, b, c) = (random(1 + round % 24), random(1 + round % 17), random(1 + round % 9) + .one)
      #expect((a * c + b % c) % c == b % c, "\(a.decimal) \(b.decimal) \(c.decimal)")
      #expect(a + b - b == a && BigUInt(a.bytes) == a && BigUInt(decimal: a.decimal) == a)
      #expect((a * b) % c == ((a % c) * (b % c)) % c)
    }
  }
}
