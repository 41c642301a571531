import CLinux
import Glibc

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
    let keys = try VaultKeys(vaultKey: vaultKey, vaultID: id)
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.run("PRAGMA synchronous=FULL; BEGIN IMMEDIATE")
    try connection.run(VaultSchema.creation)
    try connection.prepare("INSERT INTO header(id, body) VALUES(1, ?)")
      .run(binding: VaultSchema.header(id: id), at: 1)
    var summary = VaultSummary()
    try SlotTable(connection: connection, keys: keys).add(slots, &summary, random: random)
    let table = DocumentTable(connection: connection, keys: keys)
    for (name, text) in documents { summary.documents[name.text] = try table.write(name.text, text, random: random) }
    try BucketTable(connection: connection, keys: keys).writeAll([], &summary, random: random)
    _ = try table.write(VaultSummary.name, summary.plaintext(vaultID: id), random: random)
    try connection.run("COMMIT")
    // Kept in the file from here on. The log of the draft's own name is empty and not needed any more.
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE)")
    return keys
  }
}
