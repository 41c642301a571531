import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct HKDFTests {
  @Test(arguments: ["rfc5869-a1", "rfc5869-a2", "rfc5869-a3"])
  func published(name: String) throws {
    let vector = try TestVectors.named(name)
    let key = try HKDFSHA256.deriveKey(
      from: secret(hex: vector.input("ikm")), salt: hex(vector.input("salt")),
      info: hex(vector.input("info")),
      count: vector.integer("length"))
    #expect(Hex.encode(key.bytes) == vector.output("okm"), "\(name)")
  }

  @Test func textAsContext() throws {
    let vector = try TestVectors.named("legacy-hkdf-mainkdf")
    let key = try HKDFSHA256.deriveKey(
      from: secret(hex: vector.input("ikm")), salt: hex(vector.input("salt")), info: vector.input("infoText"),
      count: vector.integer("length"))
    #expect(Hex.encode(key.bytes) == vector.output("okm"), "legacy-hkdf-mainkdf")
  }

  /// RFC 5869 section 2.2: a missing salt is a string of HashLen zeros.
  @Test func noSaltIsZeros() throws {
    let key = SecretBytes(utf8: "key")
    let zeros = [UInt8](repeating: 0, count: 32)
    #expect(
      try HKDFSHA256.deriveKey(from: key, info: "i", count: 40)
        == HKDFSHA256.deriveKey(from: key, salt: zeros, info: "i", count: 40))
  }

  /// RFC 5869 section 2.3: L <= 255 * HashLen.
  @Test func lengths() throws {
    let key = SecretBytes(utf8: "key")
    let longest = try HKDFSHA256.deriveKey(from: key, info: "i", count: 8160)
    for count in [1, 31, 32, 33, 64] {
      #expect(try HKDFSHA256.deriveKey(from: key, info: "i", count: count) == longest[0..<count])
    }
    #expect(throws: CryptoError.invalidParameters) {
      try HKDFSHA256.deriveKey(from: key, info: "i", count: 8161)
    }
    #expect(throws: CryptoError.invalidParameters) {
      try HKDFSHA256.deriveKey(from: key, info: "i", count: 0)
    }
  }

  @Test func aContextOfMaximumLengthIsUsedCompletely() throws {
    let key = SecretBytes(utf8: "key")
    var info = [UInt8](repeating: 7, count: 1024)
    let first = try HKDFSHA256.deriveKey(from: key, info: info, count: 32)
    info[1023] = 8
    #expect(try HKDFSHA256.deriveKey(from: key, info: info, count: 32) != first)
  }
}

@Suite struct PBKDF2Tests {
  @Test(arguments: ["rfc7914-pbkdf2-1", "rfc7914-pbkdf2-80000", "legacy-pbkdf2-20000"])
  func published(name: String) throws {
    let vector = try TestVectors.named(name)
    let key = try PBKDF2SHA256.deriveKey(
      password: SecretBytes(utf8: vector.input("password")), salt: Array(vector.input("salt").utf8),
      iterations: vector.integer("iterations"), count: vector.integer("length"))
    #expect(Hex.encode(key.bytes) == vector.output("dk"), "\(name)")
  }

  @Test(arguments: [0, -1, Int.min, Int(Int32.max) + 1, Int.max])
  func impossibleIterations(count: Int) {
    #expect(throws: CryptoError.invalidParameters) {
      try PBKDF2SHA256.deriveKey(password: SecretBytes(utf8: "p"), salt: [1], iterations: count, count: 32)
    }
  }

  /// RFC 8018 section 5.2 allows an empty password and salt. With one iteration and one block, the key is
  /// HMAC(password, salt || 00000001).
  @Test func emptyPasswordAndSalt() throws {
    let empty = SecretBytes(utf8: "")
    let key = try PBKDF2SHA256.deriveKey(password: empty, salt: [], iterations: 1, count: 32)
    #expect(key.bytes == (try HMACSHA256.authenticationCode(for: [0, 0, 0, 1], key: empty)))
  }
}

@Suite struct ScryptTests {
  @Test(arguments: ["rfc7914-scrypt-N16", "rfc7914-scrypt-N1024", "rfc7914-scrypt-N16384"])
  func published(name: String) throws {
    let vector = try TestVectors.named(name)
    let key = try Scrypt.deriveKey(
      password: SecretBytes(utf8: vector.input("password")), salt: Array(vector.input("salt").utf8),
      parameters: .init(
        cost: UInt64(vector.integer("N")), blockSize: UInt64(vector.integer("r")),
        parallelism: UInt64(vector.integer("p"))),
      count: vector.integer("length"))
    #expect(Hex.encode(key.bytes) == vector.output("dk"), "\(name)")
  }

  /// Parameters outside the limits of RFC 7914 section 2, and costs that a damaged vault could demand, are refused
  /// before memory is allocated.
  @Test(
    arguments: [
      (0, 8, 1), (1, 8, 1), (1000, 8, 1), (16, 0, 1), (16, 8, 0), (1 << 20, 9, 1), (1 << 40, 8, 1),
      (1 << 63, 8, 1), (16, UInt64.max, 1), (16, 8, UInt64.max), (UInt64.max, UInt64.max, UInt64.max),
    ] as [(UInt64, UInt64, UInt64)])
  func impossibleParameters(cost: UInt64, blockSize: UInt64, parallelism: UInt64) {
    #expect(throws: CryptoError.invalidParameters) {
      try Scrypt.deriveKey(
        password: SecretBytes(utf8: "p"), salt: [1],
        parameters: .init(cost: cost, blockSize: blockSize, parallelism: parallelism), count: 32)
    }
  }
}
