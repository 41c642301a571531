/// A key slot: the vault key, wrapped under a key from a passphrase, a file or a command.
///
/// The slot's text (number, kind, path or digest, cost, salt) is authenticated together with the wrapped key. It cannot
/// be trusted before unwrapping succeeds: the path is used only for reading, and the command comes from the user's
/// configuration only.
public struct KeySlot: Equatable, Sendable {
  /// The source of the slot's key.
  public enum Source: Equatable, Sendable {
    /// A passphrase that the user types. scrypt derives the key.
    case passphrase
    /// The content of a file: at least 32 random bytes.
    case keyFile(path: String)
    /// The first line of a shell command's output. scrypt derives the key. The command is in the user's configuration,
    /// and the slot contains the SHA-256 digest of its text.
    case command(digest: [UInt8])
  }

  /// The scrypt cost of new slots: 128 MiB, about half a second.
  public static let defaultCost = Scrypt.Parameters(cost: 1 << 17, blockSize: 8, parallelism: 1)
  /// The minimum length of a key file in bytes.
  public static let keyFileMinimum = 32
  /// The maximum number of slots in a vault.
  static let maximumCount = 8
  /// The maximum scrypt work (N · r · p) of all slots together: eight times that of `defaultCost`, about four seconds.
  static let maximumTotalWork: UInt64 = 1 << 23

  /// The slot's number.
  public let id: Int64
  /// The source of the slot's key.
  public let source: Source
  private let cost: Scrypt.Parameters
  private let salt: [UInt8]
  /// The text as in the file. It is authenticated.
  private let text: [UInt8]
  /// The nonce, the wrapped key and the tag.
  private let wrapped: [UInt8]

  private static let saltByteCount = 32
  private static let wrappedByteCount =
    AES256GCM.nonceByteCount + VaultKeys.vaultKeyByteCount + AES256GCM.tagByteCount

  /// Wraps a vault key.
  ///
  /// - Parameters:
  ///   - id: the slot's number.
  ///   - new: the source, credential and scrypt cost.
  ///   - vaultKey: 32 bytes.
  ///   - vaultID: 16 bytes.
  ///   - random: the source of the salt and nonce.
  /// - Throws: `CryptoError`; `VaultError.badKeySource` if a key file is too short.
  init(id: Int64, _ new: NewKeySlot, wrapping vaultKey: SecretBytes, vaultID: [UInt8], random: some RandomSource) throws
  {
    self.id = id
    source = new.source
    cost = new.cost
    salt = try random.bytes(Self.saltByteCount)
    text = try Self.text(id: id, source: source, cost: cost, salt: salt)
    let nonce = try random.bytes(AES256GCM.nonceByteCount)
    let key = try Self.deriveKey(source: source, credential: new.credential, salt: salt, cost: cost)
    wrapped =
      try nonce
      + AES256GCM.seal(
        vaultKey, key: key, nonce: nonce, associatedData: Self.associatedData(text: text, vaultID: vaultID))
  }

  /// A tag that differs from those of all other slots that the vault ever had.
  var tag: RowTag { RowTag(sealed: wrapped) }

  /// The scrypt work of one attempt, N · r · p; 0 for a key file.
  var work: UInt64 { source.work(cost) }

  /// Unwraps the vault key.
  ///
  /// - Throws: `VaultError.wrongKey` if the credential is wrong or the slot's text was changed.
  func unwrap(with credential: SecretBytes, vaultID: [UInt8]) throws -> SecretBytes {
    do {
      let key = try Self.deriveKey(source: source, credential: credential, salt: salt, cost: cost)
      return try wrapped.withUnsafeBytes { wrapped in
        try AES256GCM.open(
          UnsafeRawBufferPointer(rebasing: wrapped[AES256GCM.nonceByteCount...]), key: key,
          nonce: Array(wrapped[..<AES256GCM.nonceByteCount]),
          associatedData: Self.associatedData(text: text, vaultID: vaultID))
      }
    } catch CryptoError.authenticationFailure {
      throw VaultError.wrongKey
    } catch CryptoError.invalidParameters {
      throw VaultError.damaged(part: "key slot \(id)")
    }
  }

  private static func deriveKey(
    source: Source, credential: SecretBytes, salt: [UInt8], cost: Scrypt.Parameters
  ) throws -> SecretBytes {
    switch source {
    case .passphrase, .command:
      return try Scrypt.deriveKey(password: credential, salt: salt, parameters: cost, count: 32)
    case .keyFile:
      guard credential.count >= keyFileMinimum else {
        throw VaultError.badKeySource(reason: "the key file holds fewer than \(keyFileMinimum) bytes")
      }
      return try HKDFSHA256.deriveKey(from: credential, salt: salt, info: "lockwise vault 3: key file", count: 32)
    }
  }

  /// Returns the associated data: format and purpose, 0, vault id, text.
  private static func associatedData(text: [UInt8], vaultID: [UInt8]) -> [UInt8] {
    Array("lockwise vault 3: slot".utf8) + [0] + vaultID + text
  }
}

extension KeySlot.Source {
  /// Returns the source for a command.
  ///
  /// - Parameter text: the command as in the user's configuration.
  /// - Throws: `CryptoError` if libcrypto refuses.
  public static func command(running text: String) throws -> KeySlot.Source {
    .command(digest: try SHA256.hash(Array(text.utf8)))
  }

  /// The scrypt work of one attempt, N · r · p; 0 for a key file.
  func work(_ cost: Scrypt.Parameters) -> UInt64 {
    if case .keyFile = self { return 0 }
    return cost.work ?? .max
  }

  /// The source's name in the file and in messages.
  public var name: String {
    switch self {
    case .passphrase: "passphrase"
    case .keyFile: "key-file"
    case .command: "command"
    }
  }
}

extension KeySlot {
  /// Returns the slot's form in the file: a digest of the rest, the wrapped key, the text.
  func encoded() throws -> [UInt8] { try VaultSchema.withDigest(wrapped + text) }

  private static func text(id: Int64, source: Source, cost: Scrypt.Parameters, salt: [UInt8]) throws -> [UInt8] {
    var writer = JSONObjectWriter()
    writer.member("id", id)
    writer.member("kind", source.name)
    switch source {
    case .passphrase: break
    case .keyFile(let path): writer.member("path", path)
    case .command(let digest): writer.member("digest", Hex.encode(digest))
    }
    if case .keyFile = source {
    } else {
      writer.member("cost", Int64(clamping: cost.cost))
      writer.member("block", Int64(clamping: cost.blockSize))
      writer.member("parallel", Int64(clamping: cost.parallelism))
    }
    writer.member("salt", Hex.encode(salt))
    return writer.finish().withUnsafeBytes { Array($0) }
  }

  /// Reads a slot from its form in the file.
  ///
  /// - Throws: `VaultError.damaged` if the digest does not match or the text is invalid.
  init(id: Int64, encoded: [UInt8]) throws {
    let damage = VaultError.damaged(part: "key slot \(id)")
    let body = try VaultSchema.checkedText(encoded, part: "key slot \(id)")
    guard body.count > Self.wrappedByteCount else { throw damage }
    wrapped = Array(body[..<Self.wrappedByteCount])
    text = Array(body[Self.wrappedByteCount...])
    guard let object = (try? JSONValue(parsing: SecretBytes(copying: text)))?.object, object["id"]?.integer == id,
      let salt = object["salt"]?.string.flatMap({ Hex.decode($0) }), salt.count == Self.saltByteCount
    else { throw damage }
    self.id = id
    self.salt = salt
    switch (object["kind"]?.string, object["path"]?.string, object["digest"]?.string.flatMap { Hex.decode($0) }) {
    case ("passphrase", nil, nil): source = .passphrase
    case ("key-file", let path?, nil): source = .keyFile(path: path)
    case ("command", nil, let digest?) where digest.count == SHA256.byteCount: source = .command(digest: digest)
    default: throw damage
    }
    if case .keyFile = source {
      cost = Self.defaultCost
    } else {
      func number(_ name: String) -> UInt64 { UInt64(clamping: object[name]?.integer ?? 0) }
      cost = Scrypt.Parameters(cost: number("cost"), blockSize: number("block"), parallelism: number("parallel"))
      guard cost.isAcceptable else { throw damage }
    }
  }
}

/// The description of a new slot.
public struct NewKeySlot: Sendable {
  /// The source of the slot's key.
  public let source: KeySlot.Source
  /// The passphrase, the key file's content or the line that the command printed.
  public let credential: SecretBytes
  /// The scrypt cost, which is not used for a key file.
  public let cost: Scrypt.Parameters

  /// Makes a description of a slot.
  public init(
    source: KeySlot.Source, credential: SecretBytes, cost: Scrypt.Parameters = KeySlot.defaultCost
  ) {
    self.source = source
    self.credential = credential
    self.cost = cost
  }

  /// The scrypt work of one attempt, N · r · p; 0 for a key file.
  var work: UInt64 { source.work(cost) }
}
