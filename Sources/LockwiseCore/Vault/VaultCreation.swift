import CLinux
import Glibc

extension VaultFile {
  /// Creates a vault with a random key. The file appears complete or not at all.
  ///
  /// - Parameters:
  ///   - directory: the directory, created with mode 0700 if it does not exist.
  ///   - slots: at least one key slot.
  ///   - documents: the initial documents.
  ///   - random: the source of keys, id and nonces.
  /// - Returns: the unlocked vault, open for writing.
  /// - Throws: `VaultError.exists` if the directory has a vault; `VaultError` if it cannot be written.
  public static func create(
    in directory: VaultDirectory, slots: [NewKeySlot], documents: [DocumentName: SecretBytes],
    random: some RandomSource
  ) throws -> Vault {
    precondition(!slots.isEmpty, "a vault needs a key slot")
    try directory.create()
    try directory.checkDirectory()
    let lock = try directory.lock()
    defer { close(lock) }
    guard !directory.hasVault else { throw VaultError.exists(directory: directory.path) }
    let draft = directory.vaultFile + ".new"
    func removeDraft() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
    removeDraft()
    defer { removeDraft() }
    // SQLite creates the database with the process's umask, and its other files with the database's mode. So the file
    // is created first.
    let descriptor = lockwise_open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw VaultError.system(operation: "create \(draft)", errno: errno) }
    close(descriptor)
    let keys = try write(to: draft, slots: slots, documents: documents, random: random)
    // SQLite would treat files of an earlier vault as this one's log.
    for suffix in ["-wal", "-shm", "-journal"] { unlink(directory.vaultFile + suffix) }
    // link(2) never replaces a file that another process has created meanwhile.
    guard link(draft, directory.vaultFile) == 0 else {
      if errno == EEXIST { throw VaultError.exists(directory: directory.path) }
      throw VaultError.system(operation: "create \(directory.vaultFile)", errno: errno)
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
    for (name, text) in documents { try table.write(name.text, text, &summary, random: random) }
    try BucketTable(connection: connection, keys: keys).writeAll([], &summary, random: random)
    try table.write(summary, random: random)
    try connection.run("COMMIT")
    // The file keeps this mode. The log under the draft's name is empty and no longer needed.
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE)")
    return keys
  }
}
