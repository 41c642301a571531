import CLinux
import Glibc

/// A session in the Linux kernel's keyring of the user (keyrings(7), user-keyring(7)): no daemon, no file. The kernel
/// forgets the keys after their idle time; the longest time is checked here, against a clock that cannot be set back.
public struct KeyringSession {
  /// Possessor: all rights. User: view, read, write, search, setattr (keyctl_setperm(3)). A process whose session
  /// keyring does not lead to the user's keyring does not possess the key and needs the user's rights.
  static let permissions: UInt32 = 0x3F2F_0000

  private let name: String
  private let limits: SessionLimits
  private let now: () -> Int64

  /// Names the session of a vault.
  ///
  /// - Parameters:
  ///   - vaultID: 16 bytes.
  ///   - limits: how long keys are kept.
  ///   - now: seconds since the machine started.
  public init(
    vaultID: [UInt8], limits: SessionLimits = SessionLimits(), now: @escaping () -> Int64 = Self.secondsSinceStart
  ) {
    name = "lockwise:" + Hex.encode(vaultID)
    self.limits = limits
    self.now = now
  }

  /// Seconds since the machine started, time in suspend included (clock_gettime(2), `CLOCK_BOOTTIME`).
  public static func secondsSinceStart() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec)
  }

  /// Whether keys are kept at all.
  public var keepsKeys: Bool { limits.keepsKeys }

  /// Whether keys are there and not expired. Does not renew them.
  public var isOpen: Bool { load(renewing: false) != nil }

  /// Returns the keys if they are there and not expired.
  ///
  /// - Parameter renewing: whether this is a use by a person, which renews the idle time. Evaluated only if there is
  ///   something to renew.
  public func load(renewing: @autoclosure () -> Bool) -> VaultKeys? {
    guard let key = find(), let record = read(key) else { return nil }
    let now = now()
    guard !record.isOver(now: now, limits: record.limits) else {
      // The kernel's own clock was set back, or it would be gone.
      clear()
      return nil
    }
    guard !record.isOver(now: now, limits: limits), let keys = VaultKeys(session: record.keys) else { return nil }
    if limits.idle > 0, renewing() {
      _ = lockwise_key_set_timeout(key, record.timeout(now: now, limits: limits))
    }
    return keys
  }

  /// Keeps the keys of `vault` for the session's time, in place of those that are there. Does nothing if the limits
  /// keep no keys.
  ///
  /// - Throws: `KeyringError`; nothing is kept then.
  public func save(_ vault: Vault) throws(KeyringError) {
    guard keepsKeys else { return }
    let record = SessionRecord(start: now(), limits: limits, keys: vault.session)
    do {
      try Self.install(record.encoded, name: name, seconds: min(limits.idle, limits.longest))
    } catch {
      clear()
      throw error
    }
  }

  /// Forgets the keys.
  public func clear() {
    guard let key = find() else { return }
    Self.remove(key)
  }

  /// Tries everything that a session needs of the kernel, with a key of no value.
  ///
  /// - Throws: `KeyringError`.
  public static func probe() throws(KeyringError) {
    let name = "lockwise-probe:\(getpid())"
    let key = try install(SecretBytes(utf8: "probe"), name: name, seconds: 5)
    defer { remove(key) }
    var byte: UInt8 = 0
    guard lockwise_key_search(KEY_SPEC_USER_KEYRING, "user", name) == key, lockwise_key_read(key, &byte, 1) == 5 else {
      throw .lost
    }
    guard lockwise_key_set_timeout(key, 5) == 0 else { throw KeyringError(errno: errno) }
  }

  /// Stores a key in the user's keyring. It is put together in the process's own keyring, where no other process sees
  /// it and which ends with the process, and linked when its permissions and its time are set: the user's keyring
  /// never holds a key that does not expire. The link replaces a key of the same name.
  @discardableResult
  private static func install(_ content: SecretBytes, name: String, seconds: UInt32) throws(KeyringError) -> Int {
    let key = content.withUnsafeBytes {
      lockwise_add_key("user", name, $0.baseAddress, $0.count, KEY_SPEC_PROCESS_KEYRING)
    }
    guard key >= 0 else { throw KeyringError(errno: errno) }
    guard lockwise_key_set_permissions(key, permissions) == 0, lockwise_key_set_timeout(key, seconds) == 0,
      lockwise_key_link(key, KEY_SPEC_USER_KEYRING) == 0
    else {
      let number = errno
      _ = lockwise_key_invalidate(key)
      throw KeyringError(errno: number)
    }
    _ = lockwise_key_unlink(key, KEY_SPEC_PROCESS_KEYRING)
    return key
  }

  private static func remove(_ key: Int) {
    if lockwise_key_invalidate(key) != 0 { _ = lockwise_key_unlink(key, KEY_SPEC_USER_KEYRING) }
  }

  private func find() -> Int? {
    let key = lockwise_key_search(KEY_SPEC_USER_KEYRING, "user", name)
    return key < 0 ? nil : key
  }

  private func read(_ key: Int) -> SessionRecord? {
    var length = 0
    let bytes = SecretBytes(count: SessionRecord.byteCount) { buffer in
      length = lockwise_key_read(key, buffer.baseAddress, buffer.count)
    }
    return length == bytes.count ? SessionRecord(encoded: bytes) : nil
  }
}
