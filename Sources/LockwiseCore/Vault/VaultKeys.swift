/// The keys of an unlocked vault: one to seal rows, one for look-up tokens.
public struct VaultKeys: Sendable {
  /// The length of the vault key in bytes.
  public static let vaultKeyByteCount = 32
  /// The length of both sub-keys together in bytes: what a session keeps.
  static let sessionByteCount = 64
  /// Sealed plaintexts are padded to a multiple of this many bytes, so that lengths tell little.
  static let paddingBlock = 64

  private let sealKey: SecretBytes
  private let tokenKey: SecretBytes

  /// Derives the keys from the vault key.
  ///
  /// - Parameter vaultKey: 32 bytes.
  /// - Throws: `CryptoError` if libcrypto refuses.
  public init(vaultKey: SecretBytes) throws {
    guard vaultKey.count == Self.vaultKeyByteCount else { throw CryptoError.incorrectSize }
    sealKey = try HKDFSHA256.deriveKey(from: vaultKey, info: "lockwise vault 1: seal", count: 32)
    tokenKey = try HKDFSHA256.deriveKey(from: vaultKey, info: "lockwise vault 1: look-up", count: 32)
  }

  /// Takes the keys as a session keeps them; `nil` if the length is wrong.
  init?(session bytes: SecretBytes) {
    guard bytes.count == Self.sessionByteCount else { return nil }
    sealKey = bytes[0..<32]
    tokenKey = bytes[32..<64]
  }

  /// The keys as a session keeps them: 64 bytes. The vault key itself is not among them.
  var session: SecretBytes { .concatenating([sealKey, tokenKey]) }

  /// What a sealed row is bound to: table, row and format, so that no row can stand in for another.
  struct Place {
    let table: StaticString
    let row: [UInt8]

    init(_ table: StaticString, row: Int64) {
      self.table = table
      self.row = withUnsafeBytes(of: row.littleEndian) { Array($0) }
    }

    init(_ table: StaticString, name: String) {
      self.table = table
      row = Array(name.utf8)
    }

    fileprivate var associatedData: [UInt8] {
      var data = Array("lockwise vault 1".utf8)
      data.append(0)
      data.append(contentsOf: UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount))
      data.append(0)
      data.append(contentsOf: row)
      return data
    }
  }

  /// Seals a row: nonce (12 bytes), ciphertext of the padded plaintext, tag (16 bytes).
  func seal(_ plaintext: SecretBytes, at place: Place, random: some RandomSource) throws -> [UInt8] {
    // ISO/IEC 7816-4 padding: one 0x80, then zeros.
    let padded = SecretBytes(count: (plaintext.count / Self.paddingBlock + 1) * Self.paddingBlock) { buffer in
      plaintext.withUnsafeBytes { buffer.copyMemory(from: $0) }
      buffer[plaintext.count] = 0x80
    }
    let nonce = try random.bytes(AES256GCM.nonceByteCount)
    return try nonce
      + AES256GCM.seal(padded, key: sealKey, nonce: nonce, associatedData: place.associatedData)
  }

  /// Opens a sealed row.
  ///
  /// - Throws: `VaultError.damaged` if it was changed, cut, or belongs elsewhere.
  func open(_ sealed: UnsafeRawBufferPointer, at place: Place) throws -> SecretBytes {
    let header = AES256GCM.nonceByteCount
    guard sealed.count >= header + AES256GCM.tagByteCount + Self.paddingBlock else { throw damaged(place) }
    let nonce = Array(sealed[..<header])
    let body = UnsafeRawBufferPointer(rebasing: sealed[header...])
    do {
      let padded = try AES256GCM.open(body, key: sealKey, nonce: nonce, associatedData: place.associatedData)
      let end = padded.withUnsafeBytes { $0.lastIndex { $0 != 0 } }
      guard let end, padded.withUnsafeBytes({ $0[end] == 0x80 }) else { throw damaged(place) }
      return padded[0..<end]
    } catch is CryptoError {
      throw damaged(place)
    }
  }

  /// The look-up token of a text: 16 bytes of HMAC-SHA-256.
  func token(_ kind: LookupToken.Kind, _ text: String) throws -> LookupToken {
    var message = [kind.rawValue]
    message.append(contentsOf: text.utf8)
    return LookupToken(bytes: Array(try HMACSHA256.authenticationCode(for: message, key: tokenKey)[..<16]))
  }

  /// The digest of some texts under this vault's key: the first 16 bytes of HMAC-SHA-256.
  func digest(_ purpose: KeyedDigest.Purpose, _ parts: [SecretBytes]) throws -> [UInt8] {
    var message = SecretBuilder()
    message.append(purpose.rawValue)
    for part in parts {
      // With its length in front, so that no two lists of texts make one message.
      withUnsafeBytes(of: Int64(part.count).littleEndian) { message.append($0) }
      message.append(part)
    }
    let code = try message.withUnsafeBytes { try HMACSHA256.authenticationCode(for: $0, key: tokenKey) }
    return Array(code[..<KeyedDigest.byteCount])
  }

  private func damaged(_ place: Place) -> VaultError { .damaged(part: String(describing: place.table)) }
}
