import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-2 appendix B and the digest of the empty message.
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func published(text: String, times: Int, digest: String) throws {
    let message = Array(String(repeating: text, count: times).utf8)
    #expect(Hex.encode(try SHA256.hash(message)) == digest)
    #expect(Hex.encode(try SHA256.hash(SecretBytes(copying: message)).bytes) == digest)
  }
}

@Suite struct HMACSHA256Tests {
  @Test func publishedVector() throws {
    let vector = try TestVectors.named("rfc4231-case2")
    let code = try HMACSHA256.authenticationCode(
      for: Array(vector.input("data").utf8), key: secret(hex: vector.input("key")))
    #expect(Hex.encode(code) == vector.output("mac"), "rfc4231-case2")
  }

  /// RFC 4231 cases 1, 3 and 6. The key of case 6 is longer than the hash's block.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func published(key: [UInt8], message: [UInt8], code: String) throws {
    #expect(
      Hex.encode(try HMACSHA256.authenticationCode(for: message, key: SecretBytes(copying: key))) == code)
  }

  /// HMAC(3) reuses the key of the previous call if the key is a null pointer.
  @Test func anEmptyKeyReplacesTheEarlierOne() throws {
    let other = try HMACSHA256.authenticationCode(for: [1], key: SecretBytes(utf8: "other"))
    let empty = try HMACSHA256.authenticationCode(for: [1], key: SecretBytes(utf8: ""))
    let zeros = try HMACSHA256.authenticationCode(for: [1], key: SecretBytes(count: 64) { _ in })
    #expect(empty != other)
    #expect(empty == zeros, "RFC 2104 section 2: a short key is padded with zeros")
  }

  @Test func validity() throws {
    let key = SecretBytes(utf8: "key")
    let message: [UInt8] = [1, 2, 3]
    let code = try HMACSHA256.authenticationCode(for: message, key: key)
    func isValid(_ code: [UInt8]) throws -> Bool {
      try message.withUnsafeBytes { try HMACSHA256.isValid(code, for: $0, key: key) }
    }
    #expect(try isValid(code))
    for bit in 0..<256 {
      var changed = code
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(try !isValid(changed), "bit \(bit)")
    }
    #expect(try !isValid([]))
    #expect(try !isValid(Array(code.dropLast())))
    #expect(try !isValid(code + [0]))
  }
}
