import LockwiseCore

/// A text that Firefox encrypted with a key of its key database (NSS, `PK11SDR_Encrypt`).
struct NSSEncryptedText {
  /// The ciphers that Firefox has used.
  enum Cipher {
    case tripleDES
    case aes256

    /// The key's length in bytes.
    var keySize: Int { self == .tripleDES ? 24 : 32 }
  }

  /// The key's id.
  let keyID: [UInt8]
  /// The cipher, in CBC mode.
  let cipher: Cipher
  private let iv: [UInt8]
  private let ciphertext: [UInt8]

  /// Reads the DER form: SEQUENCE { OCTET STRING, SEQUENCE { cipher, OCTET STRING }, OCTET STRING }.
  ///
  /// - Throws: `DERError` for anything else.
  init(_ der: [UInt8]) throws(DERError) {
    var text = DERReader(der)
    var outer = try text.sequence()
    try text.finish()
    keyID = try outer.octetString()
    var algorithm = try outer.sequence()
    ciphertext = try outer.octetString()
    try outer.finish()
    switch try algorithm.objectIdentifier() {
    case "1.2.840.113549.3.7": cipher = .tripleDES
    case "2.16.840.1.101.3.4.1.42": cipher = .aes256
    default: throw DERError(position: 0)
    }
    iv = try algorithm.octetString()
    try algorithm.finish()
  }

  /// Decrypts.
  ///
  /// - Parameter key: of the cipher's size.
  /// - Throws: `CryptoError`.
  func decrypt(_ key: SecretBytes) throws -> SecretBytes {
    switch cipher {
    case .tripleDES: try TripleDESCBC.decrypt(ciphertext, key: key, iv: iv)
    case .aes256: try ciphertext.withUnsafeBytes { try AES256CBC.decrypt($0, key: key, iv: iv) }
    }
  }
}
