import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct AES256CBCTests {
  private func decrypt(_ ciphertext: [UInt8], key: SecretBytes, iv: [UInt8]) throws -> [UInt8] {
    try ciphertext.withUnsafeBytes { try AES256CBC.decrypt($0, key: key, iv: iv) }.bytes
  }

  /// The published vector has no padding, so its ciphertext lacks our last block.
  @Test func publishedWithoutPadding() throws {
    let vector = try TestVectors.named("sp800-38a-f25-aes256cbc")
    let key = try secret(hex: vector.input("key"))
    let iv = try hex(vector.input("iv"))
    let plaintext = try hex(vector.input("plaintext"))
    let ciphertext = try AES256CBC.encrypt(SecretBytes(copying: plaintext), key: key, iv: iv)
    #expect(Hex.encode(ciphertext.dropLast(16)) == vector.output("ciphertext"), "sp800-38a-f25-aes256cbc")
    #expect(try decrypt(ciphertext, key: key, iv: iv) == plaintext, "sp800-38a-f25-aes256cbc")
  }

  @Test func publishedWithPadding() throws {
    let vector = try TestVectors.named("aes256cbc-node-fx-sync")
    let key = SecretBytes(utf8: vector.input("keyText"))
    let iv = Array(vector.input("ivText").utf8)
    let ciphertext = try AES256CBC.encrypt(SecretBytes(utf8: vector.input("plaintext")), key: key, iv: iv)
    #expect(Base64.standard.encode(ciphertext) == vector.output("ciphertext"), "aes256cbc-node-fx-sync")
    #expect(
      try decrypt(ciphertext, key: key, iv: iv) == Array(vector.input("plaintext").utf8),
      "aes256cbc-node-fx-sync")
  }

  @Test func everyLength() throws {
    var generator = SeededGenerator(seed: 1)
    let key = SecretBytes(copying: generator.bytes(32))
    let iv = generator.bytes(16)
    for count in Array(0...100) + [4095, 4096, 200_001] {
      let plaintext = generator.bytes(count)
      let ciphertext = try AES256CBC.encrypt(SecretBytes(copying: plaintext), key: key, iv: iv)
      #expect(ciphertext.count == count / 16 * 16 + 16)
      #expect(try decrypt(ciphertext, key: key, iv: iv) == plaintext, "\(count) bytes")
    }
  }

  @Test func wrongSizes() throws {
    let key = SecretBytes(count: 32) { _ in }
    let iv = [UInt8](repeating: 0, count: 16)
    let block = [UInt8](repeating: 0, count: 16)
    for count in [0, 16, 24, 31, 33, 64] {
      let wrong = SecretBytes(count: count) { _ in }
      #expect(throws: CryptoError.incorrectSize) { try AES256CBC.encrypt(key, key: wrong, iv: iv) }
      #expect(throws: CryptoError.incorrectSize) { try decrypt(block, key: wrong, iv: iv) }
    }
    for count in [0, 12, 15, 17, 32] {
      let wrong = [UInt8](repeating: 0, count: count)
      #expect(throws: CryptoError.incorrectSize) { try AES256CBC.encrypt(key, key: key, iv: wrong) }
      #expect(throws: CryptoError.incorrectSize) { try decrypt(block, key: key, iv: wrong) }
    }
    for count in [0, 1, 15, 17, 31] {
      #expect(throws: CryptoError.incorrectSize) {
        try decrypt([UInt8](repeating: 0, count: count), key: key, iv: iv)
      }
    }
  }

  /// PKCS #7 padding is n bytes of value n, n from 1 to 16 (RFC 5652 section 6.3). A plaintext of whole blocks
  /// ends in a block of padding, so flipping bits of the block before it sets that padding at will.
  @Test func wrongPadding() throws {
    let key = SecretBytes(count: 32) { _ in }
    let iv = [UInt8](repeating: 0, count: 16)
    let ciphertext = try AES256CBC.encrypt(SecretBytes(count: 16) { _ in }, key: key, iv: iv)
    for wanted: UInt8 in 0...255 {
      var changed = ciphertext
      changed[15] ^= 16 ^ wanted
      if wanted == 16 || wanted == 1 {
        #expect(throws: Never.self, "padding \(wanted)") { try decrypt(changed, key: key, iv: iv) }
      } else {
        #expect(throws: CryptoError.authenticationFailure, "padding \(wanted)") {
          try decrypt(changed, key: key, iv: iv)
        }
      }
    }
  }
}
