import CLinux
import Glibc

/// A way to the vault key that a new vault gets.
public struct NewKeySlot: Sendable {
  /// Where the slot's key comes from.
  public let source: KeySlot.Source
  /// The passphrase, the key file's content, or the command's line.
  public let credential: SecretBytes
  /// The scrypt cost; not used for a key file.
  public let cost: Scrypt.Parameters

  /// Makes a way to the vault key.
  public init(
    source: KeySlot.Source, credential: SecretBytes, cost: Scrypt.Parameters = KeySlot.defaultCost
  ) {
    self.source = source
    self.credential = credential
    self.cost = cost
  }
}

extension VaultFile {
  /// Makes a vault with a random key and returns it unlocked. It appears whole or not at all.
  ///
  /// - Parameters:
  ///   - directory: where; made with mode 0700 if need be.
  ///   - slots: at least one way to the vault key.
  ///   - documents: sealed into the vault from the start.
  ///   - random: where keys, id and nonces come from.
  /// - Returns: the unlocked vault, open for writing.
  /// - Throws: `VaultError.exists` if there is one already; `VaultError` if it cannot be written.
  public static func create(
    in directory: VaultDirectory, slots: [NewKeySlot], documents: [DocumentName: SecretBytes],
    random: some RandomSource
  ) throws -> Vault {
    precondition(!slots.isEmpty, "a vault needs a way to its key")
    try directory.create()
    try directory.checkDirectory()
    let lock = try directory.lock()
    defer { close(lock) }
    guard !directory.hasVault else { throw VaultError.exists(directory: directory.path) }
    let draft = directory.vaultFile + ".new"
    func removeDraft() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
    removeDraft()
    defer { removeDraft() }
    // SQLite makes its files with the process's umask; made first, the others take this one's mode.
    let descriptor = lockwise_open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw VaultError.system(operation: "make \(draft)", errno: errno) }
    close(descriptor)
    let keys = try write(to: draft, slots: slots, documents: documents, random: random)
    // What is left of an earlier vault would be taken for the log of this one.
    for suffix in ["-wal", "-shm", "-journal"] { unlink(directory.vaultFile + suffix) }
    // link(2) does not replace, whatever else makes files in the directory.
    guard link(draft, directory.vaultFile) == 0 else {
      if errno == EEXIST { throw VaultError.exists(directory: directory.path) }
      throw VaultError.system(operation: "make \(directory.vaultFile)", errno: errno)
    }
    directory.synchronize()
    return try VaultFile(in: directory, access: .writing).unlock(with: keys)
  }

  private static func write(
    to path: String, slots: [NewKeySlot], documents: [DocumentName: SecretBytes], random: some RandomSource
  ) throws -> VaultKeys {
    let id = try random.bytes(16)
    let vaultKey = try random.secret(VaultKeys.vaultKeyByteCount)
    let keys = try VaultKeys(vaultKey: vaultKey)
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.run("PRAGMA synchronous=FULL; BEGIN IMMEDIATE")
    try connection.run(VaultSchema.tables)
    try connection.prepare("INSERT INTO header(id, body) VALUES(1, ?)")
      .run(binding: VaultSchema.header(id: id), at: 1)
    for (index, slot) in slots.enumerated() {
      let wrapped = try KeySlot(
        id: Int64(index), source: slot.source, credential: slot.credential, wrapping: vaultKey, vaultID: id,
        cost: slot.cost, random: random)
      let insert = try connection.prepare("INSERT INTO slots(id, body) VALUES(?, ?)")
      try insert.bind(1, wrapped.id)
      try insert.run(binding: wrapped.encoded(), at: 2)
    }
    let table = DocumentTable(connection: connection, keys: keys)
    for name in VaultSchema.documentNames {
      try table.write(name, DocumentName(rawValue: name).flatMap { documents[$0] }, random: random)
    }
    let summary = VaultIndex.Summary.empty
    try table.write(VaultSchema.indexDocument, summary.document, random: random)
    try BucketWriter(connection: connection, keys: keys, random: random)
      .write(Array(0..<Int64(1) << Int64(summary.bits)), bits: summary.bits, []) { _ in [] }
    try connection.run("COMMIT")
    // Kept in the file from here on. The log of the draft's own name is empty and not needed any more.
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE)")
    return keys
  }
}
