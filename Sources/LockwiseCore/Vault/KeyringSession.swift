import CLinux
import Glibc

/// The vault's unlocked keys in the user's kernel keyring (keyrings(7), user-keyring(7)). The kernel removes them after
/// the idle time. The session checks the longest time itself, with a clock that cannot be set back.
public struct KeyringSession {
  /// Possessor: all rights. User: view, read, write, search, setattr (keyctl_setperm(3)). A process whose session
  /// keyring does not link to the user's keyring does not possess the key and needs the user's rights.
  static let permissions: UInt32 = 0x3F2F_0000

  private let name: String
  private let limits: SessionLimits
  private let now: () -> Seconds

  /// Makes the session of a vault without accessing the keyring.
  ///
  /// - Parameters:
  ///   - vaultID: 16 bytes.
  ///   - limits: the times for which keys are kept.
  ///   - now: the clock, the time since the machine started.
  public init(
    vaultID: [UInt8], limits: SessionLimits = SessionLimits(), now: @escaping () -> Seconds = Self.secondsSinceStart
  ) {
    name = "lockwise:" + Hex.encode(vaultID)
    self.limits = limits
    self.now = now
  }

  /// Returns the time since the machine started, including suspend (clock_gettime(2), `CLOCK_BOOTTIME`).
  public static func secondsSinceStart() -> Seconds {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Seconds(Int64(time.tv_sec))
  }

  /// Whether keys are kept at all.
  public var keepsKeys: Bool { limits.keepsKeys }

  /// Whether the keyring has keys that are not expired. Does not renew them.
  public var isOpen: Bool { load(renewing: false) != nil }

  /// Returns the keys; `nil` if there are none or they have expired.
  ///
  /// - Parameter renewing: whether to renew the idle time, as for a use by a person. Evaluated only if there is
  ///   something to renew.
  public func load(renewing: @autoclosure () -> Bool) -> VaultKeys? {
    guard let key = find(), let record = read(key) else { return nil }
    let now = now()
    guard !record.isOver(now: now, limits: record.limits) else {
      // The kernel would have removed the key unless its clock was set back.
      clear()
      return nil
    }
    guard !record.isOver(now: now, limits: limits), let keys = VaultKeys(session: record.keys) else { return nil }
    if limits.idle > 0, renewing() {
      _ = lockwise_key_set_timeout(key, record.timeout(now: now, limits: limits).kernelValue)
    }
    return keys
  }

  /// Stores the keys of `vault` for the session's time and replaces earlier ones. Does nothing if the limits are 0.
  ///
  /// - Throws: `KeyringError` if the keys cannot be stored.
  public func save(_ vault: Vault) throws(KeyringError) {
    guard keepsKeys else { return }
    let record = SessionRecord(start: now(), limits: limits, keys: vault.session)
    do {
      try Self.install(record.encoded, name: name, seconds: min(limits.idle, limits.longest).kernelValue)
    } catch {
      clear()
      throw error
    }
  }

  /// Removes the keys.
  public func clear() {
    guard let key = find() else { return }
    Self.remove(key)
  }

  /// Tests every kernel operation that a session needs, with a meaningless key.
  ///
  /// - Throws: `KeyringError` if one of them fails.
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

  /// Stores a key in the user's keyring and replaces one of the same name.
  ///
  /// The key is created in the process's own keyring, which no other process sees and which ends with the process. It
  /// is linked to the user's keyring after its permissions and timeout are set, so the user's keyring never contains a
  /// key that does not expire.
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

  /// Removes a key, wherever it is linked.
  ///
  /// It is unlinked first: a link that the kernel collects itself, because the key is invalid, still counts 4 bytes of
  /// the user's quota (20,000) for as long as the user's keyring exists (Linux 6.18; keyrings(7), maxbytes).
  private static func remove(_ key: Int) {
    _ = lockwise_key_unlink(key, KEY_SPEC_USER_KEYRING)
    _ = lockwise_key_invalidate(key)
  }

  private func find() -> Int? {
    // A user namespace, such as that of rootless podman, has a keyring of its own for the user. The session's keyring is
    // the one outside, from which the user's can be reached (pam_keyinit(8)).
    for keyring in [KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING] {
      let key = lockwise_key_search(keyring, "user", name)
      if key >= 0 { return key }
    }
    return nil
  }

  private func read(_ key: Int) -> SessionRecord? {
    var length = 0
    let bytes = SecretBytes(count: SessionRecord.byteCount) { buffer in
      length = lockwise_key_read(key, buffer.baseAddress, buffer.count)
    }
    return length == bytes.count ? SessionRecord(encoded: bytes) : nil
  }
}

extension Seconds {
  /// The span as the kernel takes it.
  fileprivate var kernelValue: UInt32 { UInt32(clamping: rawValue) }
}
