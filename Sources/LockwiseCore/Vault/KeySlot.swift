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
    text = Text(id: id, source: source, cost: cost, salt: salt).text.withUnsafeBytes { Array($0) }
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
    needsNoStretching ? 0 : cost.work ?? .max
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

  /// Reads a slot from its form in the file.
  ///
  /// - Throws: `VaultError.damaged` if the digest does not match or the text is invalid.
  init(id: Int64, encoded: [UInt8]) throws {
    let damage = VaultError.damaged(part: "key slot \(id)")
    let body = try VaultSchema.checkedText(encoded, part: "key slot \(id)")
    guard body.count > Self.wrappedByteCount else { throw damage }
    wrapped = Array(body[..<Self.wrappedByteCount])
    text = Array(body[Self.wrappedByteCount...])
    guard let document = Text(text: SecretBytes(copying: text)), document.id == id else { throw damage }
    self.id = id
    source = document.source
    cost = document.cost
    salt = document.salt
  }

  /// The part of a slot that is in clear.
  private struct Text: StoredDocument {
    let id: Int64
    let source: Source
    let cost: Scrypt.Parameters
    let salt: [UInt8]

    init(id: Int64, source: Source, cost: Scrypt.Parameters, salt: [UInt8]) {
      self.id = id
      self.source = source
      self.cost = cost
      self.salt = salt
    }

    init(_ codec: inout DocumentCodec, _ stored: Text?) throws {
      id = try codec.required("id", stored?.id)
      source = try Source(&codec, stored?.source)
      cost = try source.needsNoStretching ? KeySlot.defaultCost : Self.cost(&codec, stored?.cost)
      salt = try codec.required("salt", stored.map { HexBytes($0.salt) }).bytes
      guard salt.count == KeySlot.saltByteCount else { throw DocumentCodec.Malformed() }
    }

    private static func cost(_ codec: inout DocumentCodec, _ stored: Scrypt.Parameters?) throws -> Scrypt.Parameters {
      func number(_ name: String, _ value: UInt64?) throws -> UInt64 {
        UInt64(clamping: try codec.required(name, value.map { Int64(clamping: $0) }))
      }
      let cost = Scrypt.Parameters(
        cost: try number("cost", stored?.cost), blockSize: try number("block", stored?.blockSize),
        parallelism: try number("parallel", stored?.parallelism))
      guard stored != nil || cost.isAcceptable else { throw DocumentCodec.Malformed() }
      return cost
    }
  }
}

extension KeySlot.Source {
  /// Reads or writes the members of a slot's text.
  fileprivate init(_ codec: inout DocumentCodec, _ stored: Self?) throws {
    let kind = try codec.required("kind", stored?.name)
    let path = try codec.optional("path", stored?.path)
    let digest = try codec.optional("digest", stored?.digest.map { HexBytes($0) })?.bytes
    switch (kind, path, digest) {
    case ("passphrase", nil, nil): self = .passphrase
    case ("key-file", let path?, nil): self = .keyFile(path: path)
    case ("command", nil, let digest?) where digest.count == SHA256.byteCount: self = .command(digest: digest)
    default: throw DocumentCodec.Malformed()
    }
  }

  private var path: String? { if case .keyFile(let path) = self { path } else { nil } }

  private var digest: [UInt8]? { if case .command(let digest) = self { digest } else { nil } }

  /// Whether the key is random already, so that scrypt is not used.
  fileprivate var needsNoStretching: Bool { path != nil }
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
