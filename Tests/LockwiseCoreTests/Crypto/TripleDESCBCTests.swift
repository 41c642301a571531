import LockwiseCore
import Testing

@Suite struct TripleDESCBCTests {
  private let key = "255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f"

  /// RFC 3217 section 3.4 in reverse: a key wrapped in two rounds of CBC, with the octets reversed in between.
  @Test func publishedKeyUnwraps() throws {
    let key = try secret(hex: key)
    let wrapped = try hex("690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4")
    let outer = try TripleDESCBC.decrypt(wrapped, key: key, iv: hex("4adda22c79e82105"), isPadded: false).bytes
    let reversed = Array(outer.reversed())
    #expect(Hex.encode(reversed.prefix(8)) == "5dd4cbfc96f5453b")
    let inner = try TripleDESCBC.decrypt(
      Array(reversed.dropFirst(8)), key: key, iv: Array(reversed.prefix(8)), isPadded: false)
    #expect(inner.count == 32)
    #expect(Hex.encode(inner.bytes.prefix(24)) == "2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98")
    // The last eight bytes are the key's checksum (section 2).
    #expect(try SHA1.hash(inner[0..<24])[0..<8] == inner[24..<32])
  }

  /// Made with `openssl enc -des-ede3-cbc`.
  @Test(arguments: [
    ("d1d6e6bd2c0802db", ""), ("39c7bf56d2ada592", "seven b"),
    ("3f73e1dbb7dc7d72844d8709d9d52384", "eight by"),
  ])
  func paddingComesOff(ciphertext: String, plaintext: String) throws {
    let output = try TripleDESCBC.decrypt(hex(ciphertext), key: secret(hex: key), iv: hex("0011223344556677"))
    #expect(output == SecretBytes(utf8: plaintext))
  }

  @Test func wrongSizes() throws {
    let key = try secret(hex: key)
    let block = [UInt8](repeating: 0, count: 8)
    for count in [0, 8, 16, 23, 25, 32] {
      #expect(throws: CryptoError.incorrectSize) {
        try TripleDESCBC.decrypt(block, key: SecretBytes(count: count) { _ in }, iv: block)
      }
    }
    for count in [0, 7, 9, 16] {
      let wrong = [UInt8](repeating: 0, count: count)
      #expect(throws: CryptoError.incorrectSize) { try TripleDESCBC.decrypt(block, key: key, iv: wrong) }
      guard count != 16 else { continue }
      #expect(throws: CryptoError.incorrectSize) { try TripleDESCBC.decrypt(wrong, key: key, iv: block) }
    }
  }

  @Test func wrongPaddingIsRefused() throws {
    let ciphertext = try hex("46b2d9b3b2b4a1a0")
    #expect(throws: CryptoError.authenticationFailure) {
      try TripleDESCBC.decrypt(ciphertext, key: secret(hex: key), iv: hex("0011223344556677"))
    }
  }
}

@Suite struct SHA1Tests {
  /// RFC 3174 section 7.3, test 1 and 2.
  @Test(arguments: [
    ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
    ),
  ])
  func published(message: String, digest: String) throws {
    #expect(try Hex.encode(SHA1.hash(SecretBytes(utf8: message)).bytes) == digest)
  }

  /// RFC 6234 section 8.5 (the example of FIPS 180-2, appendix D.1).
  @Test func longerDigest() throws {
    let digest = try SHA384.hash(SecretBytes(utf8: "abc"))
    #expect(
      Hex.encode(digest.bytes)
        == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")
  }

  /// RFC 2202 section 3, test cases 2 and 6.
  @Test func publishedCodes() throws {
    let short = try HMACSHA1.authenticationCode(
      for: SecretBytes(utf8: "what do ya want for nothing?"), key: SecretBytes(utf8: "Jefe"))
    #expect(Hex.encode(short.bytes) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    let long = try HMACSHA1.authenticationCode(
      for: SecretBytes(utf8: "Test Using Larger Than Block-Size Key - Hash Key First"),
      key: SecretBytes(copying: [UInt8](repeating: 0xAA, count: 80)))
    #expect(Hex.encode(long.bytes) == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
    #expect(throws: CryptoError.incorrectSize) {
      try HMACSHA1.authenticationCode(for: SecretBytes(utf8: "a"), key: SecretBytes(utf8: ""))
    }
  }
}
