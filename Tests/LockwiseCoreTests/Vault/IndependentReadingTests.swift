import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Vaults written by this code and read by an independent reader.
@Suite struct IndependentReadingTests {
  @Test func aNewVaultUsesFullScryptCostAndIsReadIndependently() throws {
    let directory = TestVault.freshDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    _ = try VaultFile.create(
      in: directory, slots: [NewKeySlot(source: .passphrase, credential: TestVault.passphrase)],
      documents: [.account: SecretBytes(utf8: "{}")], random: SystemRandom())
    let vault = try IndependentVault(directory, credential: TestVault.passphrase.bytes)
    #expect(vault.slotText["cost"] as? Int == 131_072 && vault.slotText["block"] as? Int == 8)
    #expect(vault.slotText["parallel"] as? Int == 1 && (vault.slotText["salt"] as? String)?.count == 64)
    #expect(vault.rows["documents"]?["account"]?.plaintext == Array("{}".utf8))
  }

  @Test func everyKindOfSlotIsReadIndependently() throws {
    let credential = SecretBytes(copying: [UInt8](0..<48))
    for source in [KeySlot.Source.passphrase, .keyFile(path: "/k\"é"), try .command(running: "pass show x")] {
      let directory = TestVault.freshDirectory()
      defer { try? FileManager.default.removeItem(atPath: directory.path) }
      _ = try VaultFile.create(
        in: directory, slots: [NewKeySlot(source: source, credential: credential, cost: TestVault.cost)],
        documents: [:], random: SystemRandom())
      let vault = try IndependentVault(directory, credential: credential.bytes)
      #expect(vault.slotText["kind"] as? String == source.name && vault.slotText["id"] as? Int == 0)
      switch source {
      case .passphrase: #expect(vault.slotText.count == 6)
      case .keyFile(let path): #expect(vault.slotText["path"] as? String == path && vault.slotText.count == 4)
      case .command(let digest): #expect(vault.slotText["digest"] as? String == Hex.encode(digest))
      }
    }
  }

  @Test func noTwoRowsShareANonce() throws {
    let test = try TestVault(logins: 400)
    let vault = try IndependentVault(test.directory, credential: TestVault.passphrase.bytes)
    let nonces = vault.rows.values.flatMap { $0.values.map(\.nonce) }
    #expect(nonces.count > 500)
    #expect(Set(nonces).count == nonces.count)
    // Nor with an earlier version of the row.
    let update = try test.vault.beginMirrorUpdate()
    for number in 0..<400 { try update.store(TestVault.login(number, password: "new")) }
    try update.commit()
    let later = try IndependentVault(test.directory, credential: TestVault.passphrase.bytes)
    let changed = later.rows["logins"].map { $0.values.map(\.nonce) } ?? []
    #expect(changed.count == 400 && Set(nonces).isDisjoint(with: changed))
  }

  @Test func everyRowIsPaddedToBlocksOf64() throws {
    let test = try TestVault()
    let update = try test.vault.beginMirrorUpdate()
    for length in 0..<130 {
      let text = SecretBytes(copying: [UInt8](repeating: UInt8(ascii: "x"), count: length))
      try update.setDocument(DocumentName("length-\(length)"), to: text)
    }
    try update.commit()
    let vault = try IndependentVault(test.directory, credential: TestVault.passphrase.bytes)
    for length in 0..<130 {
      let row = try #require(vault.rows["documents"]?["length-\(length)"])
      #expect(row.padded.count == (length / 64 + 1) * 64 && row.plaintext.count == length)
      #expect(row.padded[(length + 1)...].allSatisfy { $0 == 0 })
      #expect(row.sealed.count == 12 + row.padded.count + 16)
    }
    for row in vault.rows.values.flatMap(\.values) { #expect(row.padded.count % 64 == 0 && !row.padded.isEmpty) }
  }

  /// The index contains exactly the tokens, rows and tags that the format requires.
  @Test func theIndexIsReadIndependently() throws {
    let test = try TestVault(logins: 30)
    let vault = try IndependentVault(test.directory, credential: TestVault.passphrase.bytes)
    var entries: Set<[UInt8]> = []
    for row in (vault.rows["buckets"] ?? [:]).values {
      #expect(row.plaintext.count % 32 == 0)
      for start in stride(from: 0, to: row.plaintext.count, by: 32) {
        entries.insert(Array(row.plaintext[start..<start + 32]))
      }
    }
    var expected: Set<[UInt8]> = []
    for number in 0..<30 {
      let key = "\(number + 1)"
      let row = try #require(vault.rows["logins"]?[key])
      let login = withUnsafeBytes(of: Int64(number + 1).littleEndian) { Array($0) }
      let host = "host\(number).example"
      for token in [vault.token(1, "https://" + host), vault.token(2, host), vault.token(3, "{guid-\(number)}")] {
        expected.insert(token + login + row.tag)
      }
    }
    #expect(entries == expected)
  }

  @Test func everyByteOfADigestIsCompared() throws {
    let vault = try TestVault().vault
    let digest = try vault.digest(.init(16), [SecretBytes(utf8: "a")])
    #expect(digest.count == 16 && KeyedDigest.isSame(digest, digest))
    for index in digest.indices {
      var other = digest
      other[index] ^= 0x10
      #expect(!KeyedDigest.isSame(digest, other) && !KeyedDigest.isSame(other, digest), "byte \(index)")
    }
    #expect(!KeyedDigest.isSame(digest, Array(digest.dropLast())) && !KeyedDigest.isSame([], digest))
    let key = SecretBytes(copying: [UInt8](repeating: 5, count: 32))
    let code = try HMACSHA256.authenticationCode(for: [1, 2, 3], key: key)
    for index in code.indices {
      var other = code
      other[index] ^= 1
      let isValid = try [UInt8]([1, 2, 3]).withUnsafeBytes { try HMACSHA256.isValid(other, for: $0, key: key) }
      #expect(!isValid, "byte \(index)")
    }
  }
}
