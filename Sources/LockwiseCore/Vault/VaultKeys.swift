/// The keys of an unlocked vault: one to seal rows and one for look-up tokens. Not thread-safe.
public final class VaultKeys {
  /// The length of a vault key in bytes.
  public static let vaultKeyByteCount = 32
  /// The length of a vault's id in bytes.
  static let vaultIDByteCount = 16
  /// The length of a session's keys in bytes: the vault's id, the vault key and both sub-keys, so that a look-up
  /// derives no keys.
  static let sessionByteCount = vaultIDByteCount + 3 * 32
  /// Sealed plaintexts are padded to a multiple of this many bytes, so that their length reveals little.
  static let paddingBlock = 64

  /// The id of the vault that the keys belong to.
  let vaultID: [UInt8]
  /// The key that the slots wrap.
  let vaultKey: SecretBytes
  private let sealKey: SecretBytes
  private let tokenKey: SecretBytes
  // Contexts that are set up on first use and shared by all rows.
  private var sealing: CipherContext?
  private var opening: CipherContext?
  private var tokens: HMACSHA256?
  private var nonces = NonceSource()
  /// The beginning of every row's associated data: format, 0, vault id.
  private let binding: [UInt8]

  /// Derives the keys from the vault key.
  ///
  /// - Parameters:
  ///   - vaultKey: 32 bytes.
  ///   - vaultID: 16 bytes.
  /// - Throws: `CryptoError` if libcrypto refuses.
  public convenience init(vaultKey: SecretBytes, vaultID: [UInt8]) throws {
    guard vaultKey.count == Self.vaultKeyByteCount, vaultID.count == Self.vaultIDByteCount else {
      throw CryptoError.incorrectSize
    }
    self.init(
      vaultID: vaultID, vaultKey: vaultKey,
      sealKey: try HKDFSHA256.deriveKey(from: vaultKey, salt: vaultID, info: "lockwise vault 3: seal", count: 32),
      tokenKey: try HKDFSHA256.deriveKey(from: vaultKey, salt: vaultID, info: "lockwise vault 3: look-up", count: 32))
  }

  /// Reads the keys from a session; `nil` if the length is wrong.
  convenience init?(session bytes: SecretBytes) {
    guard bytes.count == Self.sessionByteCount else { return nil }
    self.init(
      vaultID: bytes[0..<16].withUnsafeBytes { Array($0) }, vaultKey: bytes[16..<48], sealKey: bytes[48..<80],
      tokenKey: bytes[80..<112])
  }

  private init(vaultID: [UInt8], vaultKey: SecretBytes, sealKey: SecretBytes, tokenKey: SecretBytes) {
    self.vaultID = vaultID
    self.vaultKey = vaultKey
    self.sealKey = sealKey
    self.tokenKey = tokenKey
    binding = Array("lockwise vault 3".utf8) + [0] + vaultID
  }

  /// The keys as a session stores them, 112 bytes.
  var session: SecretBytes { .concatenating([SecretBytes(copying: vaultID), vaultKey, sealKey, tokenKey]) }

  /// The table and row that a sealed row is bound to in addition to format and vault, so that it cannot replace another
  /// row.
  struct RowContext {
    /// The identification of a row in its table.
    enum Row {
      case number(Int64)
      case name(String)
    }

    let table: StaticString
    let id: Row

    init(_ table: StaticString, _ id: Row) {
      self.table = table
      self.id = id
    }
  }

  /// Adds a row's associated data: format, 0, vault id, table, 0, row.
  private func authenticate(_ row: RowContext, in context: CipherContext) throws {
    try binding.withUnsafeBytes { try context.authenticate($0) }
    try context.authenticate(
      UnsafeRawBufferPointer(start: row.table.utf8Start, count: row.table.utf8CodeUnitCount))
    try withUnsafeBytes(of: UInt8(0)) { try context.authenticate($0) }
    switch row.id {
    case .number(let id): try withUnsafeBytes(of: id.littleEndian) { try context.authenticate($0) }
    case .name(var name): try name.withUTF8 { try context.authenticate(UnsafeRawBufferPointer($0)) }
    }
  }

  /// The padding of ISO/IEC 7816-4: 0x80 and zeros.
  private static let padding = [0x80] + [UInt8](repeating: 0, count: paddingBlock - 1)

  /// Seals a row.
  ///
  /// - Returns: the nonce (12 bytes), the ciphertext of the padded plaintext and the tag (16 bytes).
  func seal(_ plaintext: SecretBytes, at row: RowContext, random: some RandomSource) throws -> [UInt8] {
    let context = try sealing ?? AES256GCM.context(key: sealKey, .encrypting)
    sealing = context
    let nonce = try nonces.next(from: random)
    try nonce.withUnsafeBytes { try context.begin(iv: $0) }
    try authenticate(row, in: context)
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
  /// - Throws: `VaultError.damaged` if it was changed, truncated or moved.
  func open(_ sealed: UnsafeRawBufferPointer, at row: RowContext) throws -> SecretBytes {
    do {
      let padded = try begin(sealed, at: row).open(
        UnsafeRawBufferPointer(rebasing: sealed[AES256GCM.nonceByteCount...]))
      let end = try padded.withUnsafeBytes { try paddingStart(in: $0, row) }
      return padded[0..<end]
    } catch is CryptoError {
      throw damaged(row)
    }
  }

  /// Opens a sealed row in its own memory.
  ///
  /// - Returns: the position of the plaintext.
  /// - Throws: `VaultError.damaged` if it was changed, truncated or moved. The bytes are not to be used then.
  func open(inPlace sealed: UnsafeMutableRawBufferPointer, at row: RowContext) throws -> Range<Int> {
    let start = AES256GCM.nonceByteCount
    do {
      let context = try begin(UnsafeRawBufferPointer(sealed), at: row)
      let message = UnsafeMutableRawBufferPointer(rebasing: sealed[start...])
      guard let output = message.baseAddress else { throw damaged(row) }
      try context.open(UnsafeRawBufferPointer(message), into: output)
      let padded = UnsafeRawBufferPointer(rebasing: message[..<(message.count - AES256GCM.tagByteCount)])
      return start..<start + (try paddingStart(in: padded, row))
    } catch is CryptoError {
      throw damaged(row)
    }
  }

  /// Returns a context to which a sealed row's nonce and associated data were given.
  private func begin(_ sealed: UnsafeRawBufferPointer, at row: RowContext) throws -> CipherContext {
    let header = AES256GCM.nonceByteCount
    guard sealed.count >= header + AES256GCM.tagByteCount + Self.paddingBlock else { throw damaged(row) }
    let context = try opening ?? AES256GCM.context(key: sealKey, .decrypting)
    opening = context
    try context.begin(iv: UnsafeRawBufferPointer(rebasing: sealed[..<header]))
    try authenticate(row, in: context)
    return context
  }

  /// Returns where the padding of a plaintext begins.
  private func paddingStart(in padded: UnsafeRawBufferPointer, _ row: RowContext) throws -> Int {
    guard let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 0x80 else { throw damaged(row) }
    return end
  }

  /// Opens a sealed row and compares its tag with the expected one.
  ///
  /// - Throws: `VaultError.damaged` if it is not the latest version of the row.
  func open(_ sealed: UnsafeRawBufferPointer, at row: RowContext, tag: RowTag) throws -> SecretBytes {
    guard RowTag(sealed: sealed) == tag else { throw damaged(row) }
    return try open(sealed, at: row)
  }

  /// Returns the look-up token of a text: the first 16 bytes of HMAC-SHA-256.
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

  /// Returns the digest of a list of values under this vault's key: the first 16 bytes of HMAC-SHA-256.
  func digest(_ purpose: KeyedDigest.Purpose, _ parts: [SecretBytes]) throws -> [UInt8] {
    var message = SecretBuilder()
    message.append(purpose.value)
    for part in parts {
      // The length comes first, so that different lists never form the same message.
      withUnsafeBytes(of: Int64(part.count).littleEndian) { message.append($0) }
      message.append(part)
    }
    let code = try message.withUnsafeBytes { try HMACSHA256.authenticationCode(for: $0, key: tokenKey) }
    return Array(code[..<KeyedDigest.byteCount])
  }

  private func damaged(_ row: RowContext) -> VaultError { .damaged(part: String(describing: row.table)) }
}

/// Random nonces for AES-GCM, fetched many at a time: one call of the generator costs more than sealing a record. Not
/// thread-safe, and not to be used on both sides of a fork.
struct NonceSource {
  /// A nonce, 12 bytes.
  typealias Nonce = ArraySlice<UInt8>

  private static let batchSize = 64
  private var unused: Nonce = []

  /// Returns the next unused nonce.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  mutating func next(from random: some RandomSource) throws -> Nonce {
    if unused.isEmpty { unused = try random.bytes(Self.batchSize * AES256GCM.nonceByteCount)[...] }
    defer { unused = unused.dropFirst(AES256GCM.nonceByteCount) }
    return unused.prefix(AES256GCM.nonceByteCount)
  }
}
