/// The keys of an unlocked vault: one to seal rows, one for look-up tokens. Not for two threads at a time.
public final class VaultKeys {
  /// The length of the vault key in bytes.
  public static let vaultKeyByteCount = 32
  /// The length of both sub-keys together in bytes: what a session keeps.
  static let sessionByteCount = 64
  /// Sealed plaintexts are padded to a multiple of this many bytes, so that lengths tell little.
  static let paddingBlock = 64

  private let sealKey: SecretBytes
  private let tokenKey: SecretBytes
  // What the keys were set up for so far, so that many rows cost one set-up.
  private var sealing: CipherContext?
  private var opening: CipherContext?
  private var tokens: HMACSHA256?
  private var nonces = NonceSource()

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
    /// Which row of the table.
    enum Row {
      case id(Int64)
      case name(String)
    }

    let table: StaticString
    let row: Row

    init(_ table: StaticString, row: Int64) {
      self.table = table
      self.row = .id(row)
    }

    init(_ table: StaticString, name: String) {
      self.table = table
      row = .name(name)
    }

    /// Format, 0, table, 0, row.
    fileprivate func authenticate(in context: CipherContext) throws {
      for text in ["lockwise vault 1" as StaticString, table] {
        try context.authenticate(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        try withUnsafeBytes(of: UInt8(0)) { try context.authenticate($0) }
      }
      switch row {
      case .id(let id): try withUnsafeBytes(of: id.littleEndian) { try context.authenticate($0) }
      case .name(var name): try name.withUTF8 { try context.authenticate(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  /// ISO/IEC 7816-4 padding: one 0x80, then zeros.
  private static let padding = [0x80] + [UInt8](repeating: 0, count: paddingBlock - 1)

  /// Seals a row: nonce (12 bytes), ciphertext of the padded plaintext, tag (16 bytes).
  func seal(_ plaintext: SecretBytes, at place: Place, random: some RandomSource) throws -> [UInt8] {
    let context = try sealing ?? AES256GCM.context(key: sealKey, .encrypting)
    sealing = context
    let nonce = try nonces.next(from: random)
    try nonce.withUnsafeBytes { try context.begin(iv: $0) }
    try place.authenticate(in: context)
    let padding = Self.padding[..<(Self.paddingBlock - plaintext.count % Self.paddingBlock)]
    let size = nonce.count + plaintext.count + padding.count + AES256GCM.tagByteCount
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let sealed = UnsafeMutableRawBufferPointer(buffer)
      sealed.copyBytes(from: nonce)
      try plaintext.withUnsafeBytes { plaintext in
        try padding.withUnsafeBytes { padding in
          try context.seal(
            [plaintext, padding], into: UnsafeMutableRawBufferPointer(rebasing: sealed[nonce.count..<size]))
        }
      }
      count = size
    }
  }

  /// Opens a sealed row.
  ///
  /// - Throws: `VaultError.damaged` if it was changed, cut, or belongs elsewhere.
  func open(_ sealed: UnsafeRawBufferPointer, at place: Place) throws -> SecretBytes {
    let header = AES256GCM.nonceByteCount
    guard sealed.count >= header + AES256GCM.tagByteCount + Self.paddingBlock else { throw damaged(place) }
    do {
      let context = try opening ?? AES256GCM.context(key: sealKey, .decrypting)
      opening = context
      try context.begin(iv: UnsafeRawBufferPointer(rebasing: sealed[..<header]))
      try place.authenticate(in: context)
      let padded = try context.open(UnsafeRawBufferPointer(rebasing: sealed[header...]))
      let end = padded.withUnsafeBytes { $0.lastIndex { $0 != 0 } }
      guard let end, padded.withUnsafeBytes({ $0[end] == 0x80 }) else { throw damaged(place) }
      return padded[0..<end]
    } catch is CryptoError {
      throw damaged(place)
    }
  }

  /// The look-up token of a text: 16 bytes of HMAC-SHA-256.
  func token(_ kind: LookupToken.Kind, _ text: String) throws -> LookupToken {
    let mac = try tokens ?? HMACSHA256(key: tokenKey)
    tokens = mac
    var text = text
    return try text.withUTF8 { text in
      try withUnsafeBytes(of: kind.rawValue) { kind in
        try mac.withCode(for: UnsafeRawBufferPointer(text), after: kind) { LookupToken(bytes: $0) }
      }
    }
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
