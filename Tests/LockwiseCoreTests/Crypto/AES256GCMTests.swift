import LockwiseCore
import LockwiseTestSupport
import Testing

@Suite struct AES256GCMTests {
  private func open(_ sealed: [UInt8], key: SecretBytes, nonce: [UInt8], aad: [UInt8]) throws -> [UInt8] {
    try sealed.withUnsafeBytes {
      try AES256GCM.open($0, key: key, nonce: nonce, associatedData: aad)
    }.bytes
  }

  @Test func publishedVector() throws {
    let vector = try TestVectors.named("gcm-spec-case14")
    let key = try secret(hex: vector.input("key"))
    let nonce = try hex(vector.input("iv"))
    let aad = try hex(vector.input("aad"))
    let plaintext = try hex(vector.input("plaintext"))
    let sealed = try AES256GCM.seal(
      SecretBytes(copying: plaintext), key: key, nonce: nonce, associatedData: aad)
    #expect(Hex.encode(sealed) == vector.output("ciphertext") + vector.output("tag"), "gcm-spec-case14")
    #expect(try open(sealed, key: key, nonce: nonce, aad: aad) == plaintext, "gcm-spec-case14")
  }

  /// McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, cases 13 (empty) and 16 (associated data,
  /// and a plaintext with an incomplete block).
  @Test(arguments: [
    (
      String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "", "",
      "530f8afbc74536b9a963b4f1c4cb738b"
    ),
    (
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
      "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      "76fc6ece0f4e1768cddf8853bb2d551b"
    ),
  ])
  func published(
    keyText: String, nonce: String, aad: String, plaintext: String, ciphertext: String, tag: String
  ) throws {
    let key = try secret(hex: keyText)
    let sealed = try AES256GCM.seal(
      secret(hex: plaintext), key: key, nonce: hex(nonce), associatedData: hex(aad))
    #expect(Hex.encode(sealed) == ciphertext + tag)
    #expect(try open(sealed, key: key, nonce: hex(nonce), aad: hex(aad)) == hex(plaintext))
  }

  @Test func everyLength() throws {
    var generator = SeededGenerator(seed: 2)
    let key = SecretBytes(copying: generator.bytes(32))
    for count in Array(0...100) + [4095, 4096, 200_001] {
      let nonce = generator.bytes(12)
      let aad = generator.bytes(count % 37)
      let plaintext = generator.bytes(count)
      let sealed = try AES256GCM.seal(
        SecretBytes(copying: plaintext), key: key, nonce: nonce, associatedData: aad)
      #expect(sealed.count == count + AES256GCM.tagByteCount)
      #expect(try open(sealed, key: key, nonce: nonce, aad: aad) == plaintext, "\(count) bytes")
    }
  }

  @Test(arguments: [0, 1, 16, 45])
  func eachFlippedBitFails(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let keyBytes = generator.bytes(32)
    let nonce = generator.bytes(12)
    let aad = generator.bytes(19)
    let sealed = try AES256GCM.seal(
      SecretBytes(copying: generator.bytes(count)), key: SecretBytes(copying: keyBytes), nonce: nonce,
      associatedData: aad)
    let whole = [keyBytes, nonce, aad, sealed]
    for (part, name) in ["key", "nonce", "associated data", "ciphertext and tag"].enumerated() {
      for bit in 0..<whole[part].count * 8 {
        var changed = whole
        changed[part][bit / 8] ^= 1 << (bit % 8)
        #expect(throws: CryptoError.authenticationFailure, "bit \(bit) of \(name)") {
          try open(changed[3], key: SecretBytes(copying: changed[0]), nonce: changed[1], aad: changed[2])
        }
      }
    }
  }

  @Test func truncatedOrExtendedMessagesFail() throws {
    let key = SecretBytes(count: 32) { _ in }
    let nonce = [UInt8](repeating: 1, count: 12)
    let sealed = try AES256GCM.seal(
      SecretBytes(utf8: "secret"), key: key, nonce: nonce, associatedData: [1, 2])
    for count in 0..<sealed.count {
      let expected: CryptoError = count < AES256GCM.tagByteCount ? .incorrectSize : .authenticationFailure
      #expect(throws: expected, "\(count) bytes") {
        try open(Array(sealed.prefix(count)), key: key, nonce: nonce, aad: [1, 2])
      }
    }
    for aad: [UInt8] in [[], [1], [2, 1], [1, 2, 0]] {
      #expect(throws: CryptoError.authenticationFailure) {
        try open(sealed, key: key, nonce: nonce, aad: aad)
      }
    }
    #expect(throws: CryptoError.authenticationFailure) {
      try open(sealed + [0], key: key, nonce: nonce, aad: [1, 2])
    }
  }

  @Test func wrongSizes() throws {
    let key = SecretBytes(count: 32) { _ in }
    let nonce = [UInt8](repeating: 0, count: 12)
    let sealed = [UInt8](repeating: 0, count: 32)
    for count in [0, 16, 24, 31, 33] {
      let wrong = SecretBytes(count: count) { _ in }
      #expect(throws: CryptoError.incorrectSize) {
        try AES256GCM.seal(key, key: wrong, nonce: nonce, associatedData: [])
      }
      #expect(throws: CryptoError.incorrectSize) { try open(sealed, key: wrong, nonce: nonce, aad: []) }
    }
    for count in [0, 11, 13, 16] {
      let wrong = [UInt8](repeating: 0, count: count)
      #expect(throws: CryptoError.incorrectSize) {
        try AES256GCM.seal(key, key: key, nonce: wrong, associatedData: [])
      }
      #expect(throws: CryptoError.incorrectSize) { try open(sealed, key: key, nonce: wrong, aad: []) }
    }
  }
}
