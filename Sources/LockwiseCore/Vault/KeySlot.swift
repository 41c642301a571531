/// One way to the vault key: the key wrapped under a key that a person, a file or a command gives.
public struct KeySlot: Equatable, Sendable {
  /// Where the slot's key comes from.
  public enum Source: Equatable, Sendable {
    /// A passphrase that a person types; stretched by scrypt.
    case passphrase
    /// The content of a file, at least 32 bytes that nobody can guess.
    case keyFile(path: String)
    /// The first line that a shell command prints; stretched by scrypt.
    case command(String)
  }

  /// The scrypt cost of new slots: 128 MiB, about half a second.
  public static let defaultCost = Scrypt.Parameters(cost: 1 << 17, blockSize: 8, parallelism: 1)
  /// The least number of bytes that a key file must hold.
  public static let keyFileMinimum = 32

  /// The slot's number.
  public let id: Int64
  /// Where the slot's key comes from.
  public let source: Source
  private let cost: Scrypt.Parameters
  private let salt: [UInt8]
  private let nonce: [UInt8]
  private let wrapped: [UInt8]

  /// Wraps a vault key.
  ///
  /// - Parameters:
  ///   - id: the slot's number.
  ///   - source: where the slot's key comes from.
  ///   - credential: the passphrase, the key file's content, or the command's line.
  ///   - vaultKey: 32 bytes.
  ///   - vaultID: 16 bytes.
  ///   - cost: the scrypt cost; not used for a key file.
  ///   - random: where salt and nonce come from.
  /// - Throws: `CryptoError`, or `VaultError.badKeySource` for a key file that is too short.
  init(
    id: Int64, source: Source, credential: SecretBytes, wrapping vaultKey: SecretBytes, vaultID: [UInt8],
    cost: Scrypt.Parameters, random: some RandomSource
  ) throws {
    self.id = id
    self.source = source
    self.cost = cost
    salt = try random.bytes(32)
    nonce = try random.bytes(AES256GCM.nonceByteCount)
    let key = try Self.deriveKey(source: source, credential: credential, salt: salt, cost: cost)
    wrapped = try AES256GCM.seal(
      vaultKey, key: key, nonce: nonce,
      associatedData: Self.associatedData(id: id, source: source, vaultID: vaultID))
  }

  /// Unwraps the vault key.
  ///
  /// - Throws: `VaultError.wrongKey` if the credential is not the slot's.
  func unwrap(with credential: SecretBytes, vaultID: [UInt8]) throws -> SecretBytes {
    do {
      let key = try Self.deriveKey(source: source, credential: credential, salt: salt, cost: cost)
      return try wrapped.withUnsafeBytes {
        try AES256GCM.open(
          $0, key: key, nonce: nonce,
          associatedData: Self.associatedData(id: id, source: source, vaultID: vaultID))
      }
    } catch CryptoError.authenticationFailure {
      throw VaultError.wrongKey
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
      return try HKDFSHA256.deriveKey(
        from: credential, salt: salt, info: "lockwise vault 1: key file", count: 32)
    }
  }

  private static func associatedData(id: Int64, source: Source, vaultID: [UInt8]) -> [UInt8] {
    Array("lockwise slot 1 \(id) \(source.name)".utf8) + [0] + vaultID
  }
}

extension KeySlot.Source {
  /// The source's name in the file and for people.
  public var name: String {
    switch self {
    case .passphrase: "passphrase"
    case .keyFile: "key-file"
    case .command: "command"
    }
  }
}

extension KeySlot {
  /// The slot as it stands in the file, digest included.
  func encoded() throws -> [UInt8] {
    var writer = JSONObjectWriter()
    // The row's number is part of what the key is wrapped with, so that a changed one must not look like a wrong key.
    writer.member("id", id)
    writer.member("kind", source.name)
    switch source {
    case .passphrase: break
    case .keyFile(let path): writer.member("path", path)
    case .command(let command): writer.member("command", command)
    }
    writer.member("cost", Int64(clamping: cost.cost))
    writer.member("block", Int64(clamping: cost.blockSize))
    writer.member("parallel", Int64(clamping: cost.parallelism))
    writer.member("salt", Hex.encode(salt))
    writer.member("nonce", Hex.encode(nonce))
    writer.member("wrapped", Hex.encode(wrapped))
    return try VaultSchema.withDigest(writer.finish())
  }

  /// Reads a slot as it stands in the file.
  ///
  /// - Throws: `VaultError.damaged` if the digest does not match.
  init(id: Int64, encoded: [UInt8]) throws {
    let object = try VaultSchema.checkedObject(encoded, part: "key slot \(id)")
    // Slots of before format 3 do not name it.
    guard object["id"]?.integer ?? id == id else { throw VaultError.damaged(part: "key slot \(id)") }
    func bytes(_ name: String) throws -> [UInt8] {
      guard let value = object[name]?.string.flatMap({ Hex.decode($0) }) else {
        throw VaultError.damaged(part: "key slot \(id)")
      }
      return value
    }
    func number(_ name: String) -> UInt64 { UInt64(clamping: object[name]?.integer ?? 0) }
    switch (object["kind"]?.string, object["path"]?.string, object["command"]?.string) {
    case ("passphrase", _, _): source = .passphrase
    case ("key-file", let path?, _): source = .keyFile(path: path)
    case ("command", _, let command?): source = .command(command)
    default: throw VaultError.damaged(part: "key slot \(id)")
    }
    self.id = id
    cost = Scrypt.Parameters(
      cost: number("cost"), blockSize: number("block"), parallelism: number("parallel"))
    salt = try bytes("salt")
    nonce = try bytes("nonce")
    wrapped = try bytes("wrapped")
  }
}
