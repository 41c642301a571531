import LockwiseCore

/// A value of NSS's key database that the primary password protects: encrypted, or signed.
///
/// The forms are those of PKCS #5 (RFC 8018, appendix A), with NSS's own variants: see the source of NSS,
/// `lib/softoken/sftkpwd.c` and `lowpbe.c`.
struct NSSProtectedValue {
  private enum Method {
    /// The form before NSS 3.49: SHA-1 and Triple DES.
    case pkcs12TripleDES
    /// PBES2 with PBKDF2, HMAC with SHA-256 and AES-256 in CBC mode.
    case pbes2(iv: [UInt8])
    /// PBMAC1 with PBKDF2 and HMAC with SHA-256.
    case pbmac1
  }

  /// NSS's own default is 10,000.
  private static let iterationLimit = 10_000_000

  private let method: Method
  private let salt: [UInt8]
  private let iterations: Int
  private let content: [UInt8]

  /// Reads the DER form: SEQUENCE { algorithm, OCTET STRING }.
  ///
  /// - Throws: `DERError` for anything else.
  init(_ der: [UInt8]) throws(DERError) {
    var text = DERReader(der)
    var outer = try text.sequence()
    try text.finish()
    var algorithm = try outer.sequence()
    content = try outer.octetString()
    try outer.finish()
    let identifier = try algorithm.objectIdentifier()
    var parameters = try algorithm.sequence()
    try algorithm.finish()
    switch identifier {
    case "1.2.840.113549.1.12.5.1.3":
      method = .pkcs12TripleDES
      salt = try parameters.octetString()
      iterations = try parameters.integer()
    case "1.2.840.113549.1.5.13":
      (salt, iterations) = try Self.pbkdf2(&parameters)
      method = .pbes2(iv: try Self.aes(&parameters))
    case "1.2.840.113549.1.5.14":
      (salt, iterations) = try Self.pbkdf2(&parameters)
      try Self.hmac(&parameters)
      method = .pbmac1
    default: throw DERError(position: 0)
    }
    try parameters.finish()
    guard (1...Self.iterationLimit).contains(iterations), !salt.isEmpty else { throw DERError(position: 0) }
  }

  private static func pbkdf2(_ reader: inout DERReader) throws(DERError) -> (salt: [UInt8], iterations: Int) {
    var algorithm = try reader.sequence()
    try expect("1.2.840.113549.1.5.12", in: &algorithm)
    var parameters = try algorithm.sequence()
    try algorithm.finish()
    let salt = try parameters.octetString()
    let iterations = try parameters.integer()
    guard try parameters.integer() == 32 else { throw DERError(position: 0) }
    try hmac(&parameters)
    try parameters.finish()
    return (salt, iterations)
  }

  /// HMAC with SHA-256, which NSS writes without the NULL of the standard.
  private static func hmac(_ reader: inout DERReader) throws(DERError) {
    var algorithm = try reader.sequence()
    try expect("1.2.840.113549.2.9", in: &algorithm)
    if !algorithm.isAtEnd { try algorithm.null() }
    try algorithm.finish()
  }

  private static func aes(_ reader: inout DERReader) throws(DERError) -> [UInt8] {
    var algorithm = try reader.sequence()
    try expect("2.16.840.1.101.3.4.1.42", in: &algorithm)
    let iv = try algorithm.octetString()
    try algorithm.finish()
    switch iv.count {
    case 16: return iv
    // NSS treats the tag and the length of this string as the first two bytes.
    case 14: return [0x04, 0x0E] + iv
    default: throw DERError(position: 0)
    }
  }

  private static func expect(_ identifier: String, in reader: inout DERReader) throws(DERError) {
    guard try reader.objectIdentifier() == identifier else { throw DERError(position: 0) }
  }

  /// Decrypts.
  ///
  /// - Parameter passwordKey: `NSSKeyStore`'s digest of the primary password.
  /// - Throws: `CryptoError`, `.authenticationFailure` as a rule if the password is wrong; `DERError` for a signature.
  func decrypt(_ passwordKey: SecretBytes) throws -> SecretBytes {
    switch method {
    case .pkcs12TripleDES:
      let material = try tripleDESMaterial(passwordKey)
      return try TripleDESCBC.decrypt(
        content, key: material[0..<24], iv: material[32..<40].withUnsafeBytes { Array($0) })
    case .pbes2(let iv):
      let key = try derivedKey(passwordKey)
      return try content.withUnsafeBytes { try AES256CBC.decrypt($0, key: key, iv: iv) }
    case .pbmac1: throw DERError(position: 0)
    }
  }

  /// Whether this is the signature of an attribute. NSS signs it for no object in particular.
  ///
  /// - Parameters:
  ///   - value: the attribute, decrypted.
  ///   - attribute: the attribute's type.
  ///   - passwordKey: `NSSKeyStore`'s digest of the primary password.
  /// - Throws: `CryptoError`; `DERError` if it is not a signature.
  func isSignature(of value: SecretBytes, attribute: UInt32, _ passwordKey: SecretBytes) throws -> Bool {
    guard case .pbmac1 = method else { throw DERError(position: 0) }
    var message = SecretBuilder()
    for number in [0, attribute] {
      withUnsafeBytes(of: number.bigEndian) { message.append($0) }
    }
    message.append(value)
    let key = try derivedKey(passwordKey)
    return try message.withUnsafeBytes { try HMACSHA256.isValid(content, for: $0, key: key) }
  }

  private func derivedKey(_ passwordKey: SecretBytes) throws -> SecretBytes {
    try PBKDF2SHA256.deriveKey(password: passwordKey, salt: salt, iterations: iterations, count: 32)
  }

  /// 40 bytes: PBKDF1 (RFC 8018 section 5.1), extended by HMAC as in an early draft of PKCS #12 that NSS kept.
  private func tripleDESMaterial(_ passwordKey: SecretBytes) throws -> SecretBytes {
    let salt = SecretBytes(copying: salt)
    var hash = try SHA1.hash(.concatenating([passwordKey, salt]))
    for _ in 1..<iterations { hash = try SHA1.hash(hash) }
    let padding = SecretBytes(copying: [UInt8](repeating: 0, count: max(0, SHA1.byteCount - salt.count)))
    let state = SecretBytes.concatenating([salt, padding])
    let first = try HMACSHA1.authenticationCode(for: .concatenating([state, salt]), key: hash)
    let next = try HMACSHA1.authenticationCode(for: state, key: hash)
    let second = try HMACSHA1.authenticationCode(for: .concatenating([next, salt]), key: hash)
    return .concatenating([first, second])
  }
}
