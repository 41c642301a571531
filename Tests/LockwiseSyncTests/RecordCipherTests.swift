import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

@Suite struct RecordCipherTests {
  private func base64(_ text: String) throws -> SecretBytes {
    try #require(Base64.standard.decode(SecretBytes(utf8: text)))
  }

  private func hex(_ text: String) throws -> SecretBytes {
    SecretBytes(copying: try #require(Hex.decode(text)))
  }

  @Test func derivesThePublishedBundle() throws {
    let vector = try TestVectors.named("sync-key-bundle")
    let key = try HKDFSHA256.deriveKey(
      from: try hex(vector.input("kB")), info: vector.input("hkdfInfo"), count: 64)
    let bundle = try SyncKeyBundle(syncKey: key)
    #expect(try bundle.encryptionKey == base64(vector.output("encKey")), "sync-key-bundle")
    #expect(try bundle.hmacKey == base64(vector.output("hmacKey")), "sync-key-bundle")
  }

  @Test func decryptsThePublishedKeys() throws {
    let vector = try TestVectors.named("crypto-keys-record")
    let bundle = try SyncKeyBundle(
      encryptionKey: base64(vector.input("encKey")), hmacKey: base64(vector.input("hmacKey")))
    let cleartext = try RecordCipher.decrypt(
      payload: SecretBytes(utf8: vector.input("payload")), with: bundle)
    let keys = try CollectionKeys(cleartext: cleartext)
    #expect(
      try keys.defaultBundle.encryptionKey == base64("mGBQWTENaXcnknl4nm2GyX8RCi+KkRquGwYp48TPP1I="),
      "crypto-keys-record")
    #expect(
      try keys.bundle(for: "passwords").hmacKey == base64("kEHtl0kKK4qbanGOTj0b4g+ziok9WtZus8vhmIkvFvY="),
      "crypto-keys-record")
    #expect(keys.collections.isEmpty)
  }

  @Test func encryptsThePublishedRecord() throws {
    let vector = try TestVectors.named("record-encrypt-history")
    let bundle = try SyncKeyBundle(
      encryptionKey: base64(vector.input("encKey")), hmacKey: base64(vector.input("hmacKey")))
    let payload = try RecordCipher.encrypt(
      SecretBytes(utf8: vector.input("cleartext")), with: bundle,
      random: FixedRandom(bytes: try #require(Base64.standard.decode(vector.input("IV")))))
    let object = try #require(try JSONValue(parsing: payload).object)
    #expect(object["ciphertext"]?.string == vector.output("ciphertext"), "record-encrypt-history")
    #expect(object["IV"]?.string == vector.input("IV"), "record-encrypt-history")
    #expect(object["hmac"]?.string == vector.output("hmac"), "record-encrypt-history")
    #expect(
      try RecordCipher.decrypt(payload: payload, with: bundle).exposedText() == vector.input("cleartext"),
      "record-encrypt-history")
  }

  /// kB, crypto/keys, login and tombstone of the vector, each decrypted and encrypted again.
  @Test func decryptsThePublishedStorage() throws {
    let vector = try TestVectors.named("e2e-login-to-password-record")
    let syncKey = try HKDFSHA256.deriveKey(
      from: try hex(vector.input("kB")), info: "identity.mozilla.com/picl/v1/oldsync", count: 64)
    let account = try SyncKeyBundle(syncKey: syncKey)
    let default_ = try SyncKeyBundle(
      encryptionKey: hex(vector.input("defaultEncKey")), hmacKey: hex(vector.input("defaultHmacKey")))
    let parts = [
      ("cryptoKeysPayload", "cryptoKeysCleartext", "ivCryptoKeys", account),
      ("loginPayload", "loginCleartext", "ivLogin", default_),
      ("tombstonePayload", "tombstoneCleartext", "ivTombstone", default_),
    ]
    for (payloadName, clearName, ivName, bundle) in parts {
      let members = try #require(vector.expected[payloadName] as? [String: String])
      let payload = SecretBytes(copying: try JSONSerialization.data(withJSONObject: members))
      let cleartext = try RecordCipher.decrypt(payload: payload, with: bundle)
      #expect(cleartext.exposedText() == vector.output(clearName), "e2e \(payloadName)")
      let again = try RecordCipher.encrypt(
        cleartext, with: bundle, random: FixedRandom(bytes: try #require(Hex.decode(vector.input(ivName)))))
      let object = try #require(try JSONValue(parsing: again).object)
      for (name, value) in members { #expect(object[name]?.string == value, "e2e \(payloadName).\(name)") }
    }
    let keys = try CollectionKeys(cleartext: SecretBytes(utf8: vector.output("cryptoKeysCleartext")))
    #expect(keys.defaultBundle == default_)
    let login = try LoginRecord(
      json: SecretBytes(utf8: vector.output("loginCleartext")), bsoID: "AbCdEfGhIj-_")
    #expect(login.password == SecretBytes(utf8: "sésame 🐝"))
  }

  private func wrapper(_ change: (inout [String: Any]) -> Void) throws -> (SecretBytes, SyncKeyBundle) {
    let bundle = try SyncKeyBundle(syncKey: SeededRandom().secret(64))
    let payload = try RecordCipher.encrypt(SecretBytes(utf8: "{}"), with: bundle, random: SeededRandom())
    let data = Data((payload.exposedText() ?? "").utf8)
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    change(&object)
    return (SecretBytes(copying: try JSONSerialization.data(withJSONObject: object)), bundle)
  }

  @Test func acceptsUpperCaseHexAndUnknownMembers() throws {
    let (payload, bundle) = try wrapper { object in
      object["hmac"] = (object["hmac"] as? String)?.uppercased()
      object["future"] = ["a": [1, 2]]
    }
    #expect(try RecordCipher.decrypt(payload: payload, with: bundle).exposedText() == "{}")
  }

  /// A wrong MAC is reported whatever else is wrong, because it is checked first.
  @Test(arguments: ["IV", "ciphertext", "hmac", "none"]) func checksTheMACFirst(broken: String) throws {
    let (payload, _) = try wrapper { object in
      if broken == "hmac" { object["hmac"] = "00" } else { object[broken] = "?" }
    }
    let other = try SyncKeyBundle(syncKey: SeededRandom(seed: 9).secret(64))
    #expect(throws: RecordCipherError.wrongMAC) { try RecordCipher.decrypt(payload: payload, with: other) }
  }

  @Test(arguments: ["", "AAAA", "AAECAwQFBgcICQoLDA0ODxAR", "not base 64 at all"]) func refusesIVs(iv: String)
    throws
  {
    let (payload, bundle) = try wrapper { $0["IV"] = iv }
    #expect(throws: RecordCipherError.malformed) { try RecordCipher.decrypt(payload: payload, with: bundle) }
  }

  /// Invalid ciphertexts with a valid MAC.
  @Test(arguments: ["", "AAAA", "????", "AAECAwQFBgcICQoLDA0ODw=="]) func refusesCiphertexts(text: String)
    throws
  {
    let (payload, bundle) = try wrapper { object in
      object["ciphertext"] = text
      let key = try? SyncKeyBundle(syncKey: SeededRandom().secret(64)).hmacKey
      object["hmac"] = key.flatMap {
        try? Hex.encode(HMACSHA256.authenticationCode(for: Array(text.utf8), key: $0))
      }
    }
    #expect(throws: RecordCipherError.malformed) { try RecordCipher.decrypt(payload: payload, with: bundle) }
  }

  @Test(arguments: [
    "", "{}", "[]", "null", "no json", #"{"ciphertext":"","IV":""}"#,
    #"{"ciphertext":1,"IV":"","hmac":""}"#, #"{"ciphertext":"","IV":null,"hmac":""}"#,
    #"{"ciphertext":"","IV":"","hmac":"xyz"}"#,
  ]) func refusesPayloads(payload: String) throws {
    let bundle = try SyncKeyBundle(syncKey: SeededRandom().secret(64))
    #expect(throws: RecordCipherError.notEncrypted) {
      try RecordCipher.decrypt(payload: SecretBytes(utf8: payload), with: bundle)
    }
  }

  @Test func refusesBundlesOfTheWrongSize() throws {
    for count in [0, 31, 63, 65] {
      #expect(throws: CryptoError.incorrectSize) { try SyncKeyBundle(syncKey: SeededRandom().secret(count)) }
    }
  }
}
