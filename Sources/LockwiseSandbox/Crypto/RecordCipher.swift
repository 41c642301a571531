import Crypto
import CryptoExtras
import Foundation

/// The encryption of Sync records (storage format 5): AES-256-CBC, then HMAC-SHA256 over the base64 text.
struct RecordCipher {
  let encryptionKey: [UInt8]
  let hmacKey: [UInt8]

  /// The reason why a payload cannot be decrypted.
  enum Failure: Error, CustomStringConvertible {
    case notJSON, missingMember, wrongHMAC, badIV, badCiphertext

    var description: String {
      switch self {
      case .notJSON: "payload or cleartext is not JSON"
      case .missingMember: "ciphertext, IV or hmac is missing"
      case .wrongHMAC: "the HMAC does not match"
      case .badIV: "the IV is not 16 bytes"
      case .badCiphertext: "the ciphertext does not decrypt"
      }
    }
  }

  init(encryptionKey: [UInt8], hmacKey: [UInt8]) {
    self.encryptionKey = encryptionKey
    self.hmacKey = hmacKey
  }

  /// Parses the two base64 keys of a `crypto/keys` entry; nil unless both are 32 bytes.
  init?(_ pair: JSON?) {
    guard let list = pair?.list, list.count == 2,
      let encryption = list[0].text.flatMap(Base64.decodeStandard), encryption.count == 32,
      let hmac = list[1].text.flatMap(Base64.decodeStandard), hmac.count == 32
    else { return nil }
    self.init(encryptionKey: encryption, hmacKey: hmac)
  }

  /// The two base64 keys as an entry of `crypto/keys`.
  var keyPair: JSON { [.string(Base64.standard(encryptionKey)), .string(Base64.standard(hmacKey))] }

  /// Encrypts a cleartext; the result is the payload of a record.
  ///
  /// - Throws: an error if swift-crypto refuses the IV.
  func encrypt(_ cleartext: [UInt8], iv: [UInt8] = Derive.random(16)) throws -> JSON {
    let ciphertext = Base64.standard(
      try AES._CBC.encrypt(
        cleartext, using: SymmetricKey(data: encryptionKey), iv: AES._CBC.IV(ivBytes: iv)))
    return [
      "ciphertext": .string(ciphertext), "IV": .string(Base64.standard(iv)),
      "hmac": .string(Hex.encode(Derive.hmac(hmacKey, Array(ciphertext.utf8)))),
    ]
  }

  /// Checks the HMAC of a payload, then decrypts it.
  ///
  /// - Throws: ``Failure``.
  func decrypt(payload: String) throws -> JSON {
    guard let wrapper = try? JSON(parsing: payload) else { throw Failure.notJSON }
    guard let ciphertext = wrapper["ciphertext"]?.text, let ivText = wrapper["IV"]?.text,
      let mac = wrapper["hmac"]?.text.flatMap(Hex.decode)
    else { throw Failure.missingMember }
    guard Derive.equal(mac, Derive.hmac(hmacKey, Array(ciphertext.utf8))) else { throw Failure.wrongHMAC }
    guard let ivBytes = Base64.decodeStandard(ivText), let iv = try? AES._CBC.IV(ivBytes: ivBytes) else {
      throw Failure.badIV
    }
    guard let bytes = Base64.decodeStandard(ciphertext),
      let cleartext = try? AES._CBC.decrypt(bytes, using: SymmetricKey(data: encryptionKey), iv: iv)
    else { throw Failure.badCiphertext }
    guard let json = try? JSON(parsing: cleartext) else { throw Failure.notJSON }
    return json
  }
}
